import GatewayCore
import Testing

@Suite struct AccountImportTests {
    private func tokens(_ text: String, region: Region = .us) throws -> [String] {
        try AccountImport.items(in: text, region: region).map { $0.token.reveal() }
    }

    @Test func `lines are tokens, with their numbers, without comments and blanks`() throws {
        let items = try AccountImport.items(in: "\u{FEFF}abc\r\n\n# studio\n  us-def  \nhttp://u:p@h:1@ghi")
        #expect(items.map(\.number) == [1, 4, 5])
        #expect(items.map { $0.token.reveal() } == ["abc", "us-def", "http://u:p@h:1@ghi"])
    }

    @Test func `cookies of known sites become tokens of their regions`() throws {
        let text = """
            [{"domain": ".jianying.com", "name": "sessionid", "value": "china", "expirationDate": 1.5},
             {"domain": ".jianying.com", "name": "sessionid_ss", "value": "china"},
             {"domain": ".evil-capcut.com", "name": "sessionid", "value": "stranger"},
             {"domain": "dreamina.capcut.com", "name": "store-country-code", "value": "JP"},
             {"domain": ".capcut.com", "name": "sessionid", "value": "japan"}]
            """
        #expect(try tokens(text) == ["cn-china", "jp-japan"])
    }

    @Test func `a storage state is read too, and an unknown country is the given region`() throws {
        let text = #"{"origins": [], "cookies": [{"domain": ".capcut.com", "name": "sessionid", "value": "x"}]}"#
        #expect(try tokens(text, region: .sg) == ["sg-x"])
    }

    @Test(arguments: ["", "\n# nothing\n", "[]", "{\"a\": 1}", "[1, 2", String(repeating: "[", count: 100_000)])
    func `a text without accounts is refused`(text: String) {
        #expect(throws: AccountProblem.self) { try AccountImport.items(in: text) }
    }

    @Test func `more than a thousand accounts are refused`() throws {
        let lines = (1...1000).map { "session\($0)" }.joined(separator: "\n")
        #expect(try AccountImport.items(in: lines).count == 1000)
        #expect(throws: AccountProblem.unreadableImport(why: "it has more than 1000 accounts")) {
            try AccountImport.items(in: lines + "\nanother")
        }
    }
}
