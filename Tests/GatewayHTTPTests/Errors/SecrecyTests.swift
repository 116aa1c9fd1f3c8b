import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing

@testable import GatewayHTTP

@Suite("No secret is ever told", .timeLimit(.minutes(10)))
struct SecrecyTests {
    private static let session = "f00dfeedc0ffee1234567890abcdef99"
    private static let password = "Pr0xyPassw0rdQ"
    private static let key = "KEY.QwErTyUiOp.ZxCvBnM"
    private static let token = "http://user:\(password)@proxy.internal:8080@\(session),\(key)"

    /// Every piece of six characters of every secret.
    private static let pieces: [String] = [session, password, key].flatMap { secret in
        (0...(secret.count - 6)).map { String(secret.dropFirst($0).prefix(6)) }
    }

    private func check(_ text: String, _ place: String) {
        for piece in Self.pieces { #expect(!text.contains(piece), "\(place) tells \(piece)") }
    }

    private func gateway(_ plan: @escaping @Sendable (inout Job) -> Void) -> Gateway {
        Gateway(generations: { FakeGenerations(time: $0, plan: plan) }) {
            $0.tokens.staticKeys = [Secret(Self.key)]
        }
    }

    private func check(_ gateway: Gateway, _ answer: Answer) {
        check(answer.text, "the body")
        for field in answer.headers { check(field.value, "header \(field.name)") }
        for line in gateway.logs.lines { check(line, "the log") }
        #expect(!gateway.logs.lines.isEmpty)
    }

    @Test("in the answer and log of any failed generation", arguments: GenerationFault.Kind.allCases)
    func faults(_ kind: GenerationFault.Kind) async throws {
        let gateway = gateway { $0.fail(kind) }
        check(gateway, try await gateway.generate(token: Self.token))
    }

    @Test(
        "in the answer and log of any refused request",
        arguments: [
            "{", "{}", #"{"prompt":"p","model":"x"}"#, #"{"prompt":"p","ratio":"9:9"}"#, #"{"prompt":"p","n":99}"#,
            #"{"prompt":"p","image":"x"}"#, #"{"prompt":"p","size":"x"}"#, #"{"prompt":"p","model":"sora-2"}"#,
        ])
    func problems(_ body: String) async throws {
        let gateway = gateway { $0.finish() }
        check(gateway, try await gateway.generate(body, token: Self.token))
    }

    @Test("in the answer and log of a refused token or path")
    func tokens() async throws {
        let gateway = gateway { $0.finish() }
        for token in ["http://user:\(Self.password)@:x@\(Self.session)", "sk-jm-\(Self.session)", "\(Self.session);x"] {
            check(gateway, try await gateway.generate(token: token))
        }
        check(gateway, try await gateway.send(.get, "/nothing?token=\(Self.session)", token: Self.token))
        check(gateway, try await gateway.send(.get, "/v1/generations/gen_1", token: Self.token))
    }

    @Test("in a good answer")
    func success() async throws {
        let gateway = gateway { $0.finish() }
        let answer = try await gateway.generate(token: Self.token)
        #expect(answer.status == 200)
        check(gateway, answer)
    }
}
