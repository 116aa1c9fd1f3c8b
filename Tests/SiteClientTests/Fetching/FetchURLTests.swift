import Testing

@testable import SiteClient

@Suite("URLs that clients name")
struct FetchURLTests {
    @Test(
        "a URL is taken apart and put together again",
        arguments: [
            ("http://example.com", "http://example.com/"), ("HTTPS://Example.COM/A?b=C#d", "https://example.com/A?b=C"),
            ("https://example.com:443/", "https://example.com/"),
            ("http://example.com:8080", "http://example.com:8080/"),
            ("http://example.com:/x", "http://example.com/x"), ("http://example.com?q=1", "http://example.com/?q=1"),
            ("  http://example.com/a b \n", "http://example.com/a%20b"),
            ("http://example.com/图.png", "http://example.com/%E5%9B%BE.png"),
            ("http://example.com/%E5%9B%BE%zz%", "http://example.com/%E5%9B%BE%25zz%25"),
            ("http://example.com/a\\b|c\"<>{}[]^`", "http://example.com/a%5Cb%7Cc%22%3C%3E%7B%7D%5B%5D%5E%60"),
            ("http://example.com/@x:y", "http://example.com/@x:y"), ("http://localhost./", "http://localhost./"),
            ("http://2130706433/", "http://2130706433/"), ("http://[2001:DB8::1]:8080/", "http://[2001:db8::1]:8080/"),
            ("http://[::ffff:10.0.0.1]/", "http://[::ffff:10.0.0.1]/"), ("http://a_b.example/", "http://a_b.example/"),
        ])
    func read(_ pair: (text: String, result: String)) throws {
        let url = try #require(FetchURL(pair.text))
        #expect(url.text == pair.result)
        #expect(FetchURL(url.text) == url)
    }

    @Test(
        "everything that could mean two things, or nothing that is fetched, is refused",
        arguments: [
            "", "example.com", "//example.com/", "/etc/passwd", "file:///etc/passwd", "ftp://example.com/",
            "gopher://example.com/", "http+unix://%2Fvar%2Frun%2Fdocker.sock/", "unix:///var/run/docker.sock",
            "https+unix://x/", "http:example.com", "http:/example.com", "http://", "http:///path", "http://:80/",
            "http://user@example.com/", "http://user:pass@example.com/", "http://@example.com/",
            "http://example.com@127.0.0.1/", "http://example.com\\@127.0.0.1/", "http://example.com\\.evil.test/",
            "http://127.0.0.1%2f@example.com/", "http://%31%32%37.0.0.1/", "http://exa mple.com/",
            "http://example.com:0/", "http://example.com:65536/", "http://example.com:8a/", "http://example.com:-1/",
            "http://example.com:123456/", "http://[::1/", "http://[::1]x/", "http://[::1%25lo]/", "http://[127.0.0.1]/",
            "http://[fe80::1%lo]/", "http://例子.测试/", "http://１２７.0.0.1/", "http://exa\u{0}mple.com/",
            "http://example.com/\r\nX: y", "http://example.com/\u{7F}", "http://.../", "http://-./",
            "http://" + String(repeating: "a", count: 254) + "/",
            "http://example.com/" + String(repeating: "a", count: 8192),
        ])
    func refused(_ text: String) {
        #expect(FetchURL(text) == nil)
    }

    @Test(
        "redirects are followed as RFC 3986 says",
        arguments: [
            ("http://other.test/x", "http://other.test/x"), ("//other.test/x", "https://other.test/x"),
            ("/x?y", "https://a.test:8443/x?y"), ("?y", "https://a.test:8443/b/c/d?y"),
            ("x", "https://a.test:8443/b/c/x"), ("./x", "https://a.test:8443/b/c/x"),
            ("../x", "https://a.test:8443/b/x"), ("../../../../x", "https://a.test:8443/x"),
            ("..", "https://a.test:8443/b/"), (".", "https://a.test:8443/b/c/"),
            ("/p/../q/./r", "https://a.test:8443/q/r"), ("#f", "https://a.test:8443/b/c/d?q=1"),
            ("", "https://a.test:8443/b/c/d?q=1"), ("x:8/y", nil), ("a/b:c", "https://a.test:8443/b/c/a/b:c"),
            ("ftp://other.test/", nil), ("file:///etc/passwd", nil), ("http://user@other.test/", nil),
            ("//user@other.test/", nil), ("/a\u{0}b", nil), ("javascript:alert(1)", nil),
        ] as [(String, String?)])
    func redirects(_ pair: (location: String, result: String?)) throws {
        let base = try #require(FetchURL("https://a.test:8443/b/c/d?q=1#f"))
        #expect(base.following(pair.location)?.text == pair.result)
    }

    @Test("its description leaves out what may be a signature")
    func description() throws {
        let url = try #require(FetchURL("https://a.test/x?signature=secret"))
        #expect("\(url)" == "https://a.test:443")
    }
}
