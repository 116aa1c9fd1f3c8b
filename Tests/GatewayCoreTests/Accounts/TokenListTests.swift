import GatewayCore
import GatewayTesting
import Testing

@Suite("Token lists")
struct TokenListTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var items: [TokenAccount]
        var testDescription: String { text }
    }

    private static func account(
        _ region: Region, _ session: String, proxy: String? = nil, sandbox: Bool = false
    ) -> TokenAccount {
        TokenAccount(region: region, session: Secret(session), proxy: proxy.map { Secret($0) }, isSandbox: sandbox)
    }

    @Test(
        "regions, proxies and sessions are told apart",
        arguments: [
            Case(text: "abc123", items: [account(.cn, "abc123")]),
            Case(text: "us-abc123", items: [account(.us, "abc123")]),
            Case(text: "SG-abc123", items: [account(.sg, "abc123")]),
            Case(text: "cn-AbC", items: [account(.cn, "AbC")]),
            Case(text: "sg-us-x", items: [account(.sg, "us-x")]),
            Case(
                text: "http://127.0.0.1:7890@abc123", items: [account(.cn, "abc123", proxy: "http://127.0.0.1:7890")]),
            Case(
                text: "socks5://u:p@10.0.0.2:1080@hk-abc123",
                items: [account(.hk, "abc123", proxy: "socks5://u:p@10.0.0.2:1080")]),
            Case(
                text: "http://h:1@us-a,jp-b, ,c",
                items: [account(.us, "a", proxy: "http://h:1"), account(.jp, "b"), account(.cn, "c")]),
            Case(
                text: "us-http://user:pw@host:8080@SESSION",
                items: [account(.us, "SESSION", proxy: "http://user:pw@host:8080")]),
            Case(text: "us-http://h:1@jp-x", items: [account(.jp, "x", proxy: "http://h:1")]),
            Case(text: "SOCKS5H://[::1]:1080@x", items: [account(.cn, "x", proxy: "SOCKS5H://[::1]:1080")]),
            Case(text: "sandbox-demo", items: [account(.cn, "sandbox-demo", sandbox: true)]),
            Case(text: "us-sandbox-x", items: [account(.us, "sandbox-x", sandbox: true)]),
            Case(text: "http://h:1@hk-sandbox-x", items: [account(.hk, "sandbox-x", sandbox: true)]),
            Case(text: " a , a ,b,", items: [account(.cn, "a"), account(.cn, "b")]),
        ])
    func parsing(_ example: Case) throws {
        #expect(try TokenList(parsing: example.text, policy: TokenPolicy()).accounts == example.items)
    }

    @Test(
        "what is no token is refused with its own code",
        arguments: [
            ("", RequestProblem.Kind.missingAPIKey), (" , ,", .missingAPIKey), ("us-", .missingAPIKey),
            ("sandbox-", .missingAPIKey), ("http://h:1", .invalidProxy), ("http://h:1@", .invalidProxy),
            ("http://@x", .invalidProxy), ("http://h:0@x", .invalidProxy), ("http://h:99999@x", .invalidProxy),
            ("http://u:p@host:1", .invalidProxy), ("socks5://[zz]:1@x", .invalidProxy),
            ("http://a/b:1@x", .invalidProxy),
            ("sk-jm-0123456789", .invalidAPIKey), ("a;b=c", .invalidAPIKey), ("a b", .invalidAPIKey),
            ("a,sk-jm-unknown", .invalidAPIKey), ("会话", .invalidAPIKey),
        ])
    func refusals(_ text: String, _ kind: RequestProblem.Kind) {
        #expect(throws: RequestProblem(kind)) { try TokenList(parsing: text, policy: TokenPolicy()) }
    }

    @Test("very many or very long items are refused")
    func bounds() {
        let many = (0...TokenList.maximumItems).map { "s\($0)" }.joined(separator: ",")
        #expect(throws: RequestProblem(.invalidAPIKey)) { try TokenList(parsing: many, policy: TokenPolicy()) }
        let long = String(repeating: "x", count: 5000)
        #expect(throws: RequestProblem(.invalidAPIKey)) { try TokenList(parsing: long, policy: TokenPolicy()) }
    }

    @Test("a configured key is known, whatever it looks like")
    func staticKeys() throws {
        let policy = TokenPolicy(staticKeys: [Secret("sk-jm-mine"), Secret("us-key")])
        #expect(try TokenList(parsing: "sk-jm-mine,us-key", policy: policy).items == [.staticKey, .staticKey])
        #expect(throws: RequestProblem(.invalidAPIKey)) { try TokenList(parsing: "sk-jm-min", policy: policy) }
    }

    @Test("a key that was given out stands for the whole list, beside sessions or alone")
    func gatewayKeys() throws {
        let vault = TestVault()
        let keys: TokenList.KeySearch = { text throws(RequestProblem) in
            switch text {
            case "sk-jm-one": return .sample(1)
            case "sk-jm-two": return .sample(2)
            case "sk-jm-old": throw RequestProblem(.apiKeyExpired)
            default: return nil
            }
        }
        let list = try TokenList(parsing: "abc,sk-jm-one,sk-jm-two", policy: TokenPolicy(), keys: keys)
        #expect(list.key == .sample(1))
        #expect(list.hasKey)
        #expect(list.accounts.count == 1)
        #expect(list.owner(using: vault) == KeyID.sample(1).rawValue)
        #expect(try !TokenList(parsing: "abc", policy: TokenPolicy(), keys: keys).hasKey)
        #expect(throws: RequestProblem(.apiKeyExpired)) {
            try TokenList(parsing: "abc,sk-jm-old", policy: TokenPolicy(), keys: keys)
        }
        #expect(throws: RequestProblem(.invalidAPIKey)) {
            try TokenList(parsing: "sk-jm-three", policy: TokenPolicy(), keys: keys)
        }
        let closed = TokenPolicy(allowsSessions: false, allowsSandbox: false)
        #expect(try TokenList(parsing: "sk-jm-one", policy: closed, keys: keys).key == .sample(1))
    }

    @Test("the installation decides about sessions and the sandbox")
    func policies() throws {
        let closed = TokenPolicy(allowsSessions: false, allowsSandbox: false)
        #expect(throws: RequestProblem(.sandboxDisabled)) { try TokenList(parsing: "sandbox-x", policy: closed) }
        #expect(throws: RequestProblem(.sandboxDisabled)) { try TokenList(parsing: "us-Sandbox-x", policy: closed) }
        #expect(throws: RequestProblem(.passthroughDisabled)) { try TokenList(parsing: "session", policy: closed) }
    }

    @Test("the owner is the same for the same items in any order")
    func owner() throws {
        let vault = TestVault()
        func owner(_ text: String) throws -> String {
            try TokenList(parsing: text, policy: TokenPolicy()).owner(using: vault)
        }
        #expect(try owner("a,us-b") == owner("us-b, a,a"))
        #expect(try owner("a,us-b") != owner("a,b"))
        #expect(try owner("a") == vault.fingerprint(["owner", "a"]))
    }

    @Test("an account's label depends on region and session, not on the proxy")
    func labels() throws {
        let vault = TestVault()
        let credentials = try TokenList(parsing: "us-x,http://h:1@us-x,jp-x", policy: TokenPolicy())
            .accounts.map { $0.credential(using: vault) }
        #expect(credentials[0].id == credentials[1].id)
        #expect(credentials[0].id != credentials[2].id)
        #expect(credentials[0].id.rawValue == "acct_" + vault.fingerprint(["account", "us", "x"]).prefix(12))
    }

    @Test("no rendering of a list shows a token")
    func secrecy() throws {
        let list = try TokenList(parsing: "http://u:hunter2@h:1@us-sessionid", policy: TokenPolicy())
        var dumped = ""
        dump(list, to: &dumped)
        for text in ["\(list)", String(reflecting: list), dumped] {
            #expect(!text.contains("hunter2"))
            #expect(!text.contains("sessionid"))
        }
    }
}
