import SiteWire
import Testing

@Suite struct SiteSessionTests {
    @Test("the cookie is the session id alone, and what the user adds behind it")
    func cookie() throws {
        #expect(try Fixtures.session().cookie == "sessionid=0123456789abcdef0123456789abcdef")
        #expect(
            try Fixtures.session(extraCookie: "a=b; c=d").cookie
                == "sessionid=0123456789abcdef0123456789abcdef; a=b; c=d")
    }

    @Test(
        "values that could not travel in a header are refused",
        arguments: [
            ("", nil), ("a b", nil), ("a;b=c", nil), ("a,b", nil), ("a\r\nX-Evil: 1", nil), ("ä", nil),
            (String(repeating: "a", count: 5_000), nil), ("ok", "a=b\r\nX: y"), ("ok", ""),
        ] as [(String, String?)])
    func refuses(id: String, extra: String?) {
        #expect(SiteSession(id: id, webID: "7", extraCookie: extra) == nil)
    }

    @Test("a web id has nineteen digits and starts with seven", arguments: [0, 1, .max, 999_999_999_999_999_999])
    func webID(random: UInt64) {
        let id = SiteSession.webID(random: random)
        #expect(id.count == 19)
        #expect(id.first == "7")
    }

    @Test("nothing shows the credential, neither of a session nor of a request made with it")
    func redaction() throws {
        let secret = "0123456789abcdef0123456789abcdef"
        let session = try Fixtures.session(extraCookie: "sid=\(secret)")
        let caller = SiteCaller(region: .cn, session: session)
        let request = caller.credit(at: 0)
        #expect(request.header("cookie")?.contains(secret) == true)
        var dumped = ""
        dump(session, to: &dumped)
        dump(request, to: &dumped)
        dump(caller, to: &dumped)
        for text in ["\(session)", String(reflecting: session), "\(request)", String(reflecting: request), dumped] {
            #expect(!text.contains(secret))
        }
    }
}
