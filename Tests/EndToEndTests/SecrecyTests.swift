import Foundation
import Testing
import WireJSON

/// Secrets stay secret: nothing a client or an operator can read shows one.
@Suite(.timeLimit(.minutes(10))) struct SecrecyTests {
    private static let session = "5e5510nfeedfacecafe0123456789ab"
    private static let password = "hunter2secret"

    @Test(arguments: ["fast", "dead", "risk", "nocredits", "moderation-prompt", "lostanswer"])
    func `no session id appears in logs, answers or files`(script: String) async throws {
        let token = "\(script)-\(Self.session)"
        try await withSandbox(speed: 100) { _, base in
            let gateway = try TestGateway(upstream: base, flags: ["log.level": "trace"])
            let answers = try await gateway.run { api in
                let answer = try await api.post("/v1/images/generations", token: token, ["prompt": "a fox", "n": 1])
                let health = try await api.get("/health", token: token)
                return [answer.bytes, health.bytes]
            }
            for answer in answers { #expect(!String(decoding: answer, as: UTF8.self).contains(Self.session)) }
            #expect(!gateway.logs.text.isEmpty)
            #expect(!gateway.logs.text.contains(Self.session))
            let files = FileManager.default.enumerator(atPath: gateway.folder)
            while let name = files?.nextObject() as? String {
                guard let bytes = FileManager.default.contents(atPath: gateway.folder + "/" + name) else { continue }
                #expect(bytes.range(of: Data(Self.session.utf8)) == nil, "\(name)")
            }
        }
    }

    @Test func `a proxy's password appears nowhere when the proxy fails`() async throws {
        let token = "http://user:\(Self.password)@127.0.0.1:9@\(Self.session)"
        let gateway = try TestGateway(upstream: "http://127.0.0.1:9", flags: ["log.level": "trace"])
        let answer = try await gateway.run { api in
            try await api.post("/v1/images/generations", token: token, ["prompt": "a fox", "n": 1])
        }
        #expect(answer.status == 502)
        for text in [String(decoding: answer.bytes, as: UTF8.self), gateway.logs.text] {
            #expect(!text.contains(Self.password))
            #expect(!text.contains(Self.session))
        }
    }
}
