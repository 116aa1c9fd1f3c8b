import GatewayCore
import Testing

@testable import SiteClient

@Suite struct ProxyAddressTests {
    @Test(
        arguments: [
            ("http://h", ProxyAddress.Kind.http, "h", 80), ("HTTPS://h", .https, "h", 443),
            ("socks4://h", .socks4, "h", 1080), ("socks4a://u@h:9", .socks4, "h", 9),
            ("socks5://u:p@10.0.0.2:1080", .socks5, "10.0.0.2", 1080), ("socks://[::1]:7", .socks5, "::1", 7),
            ("socks5h://h/", .socks5, "h", 1080),
        ] as [(String, ProxyAddress.Kind, String, Int)])
    func `every scheme of tokens is understood`(text: String, kind: ProxyAddress.Kind, host: String, port: Int) throws {
        let address = try #require(ProxyAddress(Secret(text)))
        #expect(address.kind == kind)
        #expect(address.host == host)
        #expect(address.port == port)
    }

    @Test(arguments: [
        "ftp://h", "h:80", "http://", "http://h:0", "http://h:x", "socks5://:p@h", "socks4://u:p@h", "http://%zz@h",
        "socks5://\(String(repeating: "u", count: 256)):p@h", "http://a%3Ab:c@h",
    ])
    func `what can't be spoken is refused`(text: String) {
        #expect(ProxyAddress(Secret(text)) == nil)
        #expect(!NetworkPaths.isUsable(Secret(text)))
    }

    @Test func `logins do not show`() throws {
        let address = try #require(ProxyAddress(Secret("socks5://somebody:hunter2@h")))
        #expect(address.user?.reveal() == "somebody")
        #expect(address.password?.reveal() == "hunter2")
        for text in ["\(address)", String(reflecting: address)] {
            #expect(!text.contains("hunter2") && !text.contains("somebody"))
        }
    }

    @Test func `a proxy's answers may come in any pieces`() throws {
        let target = try #require(ProxyTarget("target.example:443"))
        let scripts: [(any ProxyHandshake, [UInt8])] = [
            (
                SOCKS5Handshake(target: target, user: Secret("u"), password: Secret("p")),
                [5, 2, 1, 0, 5, 0, 0, 4] + [UInt8](repeating: 0, count: 18)
            ),
            (SOCKS4Handshake(target: target, user: nil), [0, 90, 1, 187, 0, 0, 0, 0]),
            (ConnectHandshake(target: target, user: nil, password: nil), Array("HTTP/1.0 200 OK\r\nA: b\r\n\r\n".utf8)),
        ]
        for (handshake, answer) in scripts {
            var handshake = handshake
            var received: [UInt8] = []
            var isEstablished = false
            for (index, byte) in (answer + [0x78]).enumerated() {
                received.append(byte)
                guard !isEstablished else { continue }
                while true {
                    let step = try handshake.advance(&received)
                    if case .say = step { continue }
                    isEstablished = step == .established
                    break
                }
                #expect(isEstablished == (index == answer.count - 1))
            }
            // The first byte of the target is not the proxy's.
            #expect(received == [0x78])
        }
    }

    @Test(arguments: [
        ("CONNECT h:443 HTTP/1.1\r\nProxy-Authorization: Bearer x\r\n\r\n", true),
        ("CONNECT ::1:443 HTTP/1.1\r\nhost: ::1\r\n\r\n", true), ("GET / HTTP/1.1\r\n\r\n", false),
        ("CONNECT h HTTP/1.1\r\n\r\n", false), ("CONNECT h:0 HTTP/1.1\r\n\r\n", false),
        ("CONNECT h:443 HTTP/1.1\r\n\r\nmore", false), ("CONNECT h:443 HTTP/1.1\r\nno colon\r\n\r\n", false),
    ])
    func `the bridge takes one CONNECT and nothing else`(text: String, isTaken: Bool) {
        switch BridgeRequest.read(Array(text.utf8)) {
        case .complete: #expect(isTaken)
        case .invalid: #expect(!isTaken)
        case .incomplete: Issue.record("not decided")
        }
    }

    @Test func `a head without an end is not collected for ever`() {
        #expect(BridgeRequest.read(Array(repeating: 0x41, count: 8_192)) == .incomplete)
        #expect(BridgeRequest.read(Array(repeating: 0x41, count: 8_193)) == .invalid)
    }
}
