import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("Errors for clients of older gateways", .timeLimit(.minutes(10)))
struct LegacyErrorTests {
    @Test("off, there is one member")
    func off() async throws {
        #expect(try await Gateway().generate("{}").json.object?.keys == ["error"])
    }

    @Test("fields stand beside the error, the status stays")
    func fields() async throws {
        let gateway = Gateway { $0.legacyErrors = .fields }
        let answer = try await gateway.generate("{}")
        #expect(answer.status == 400)
        #expect(answer.json["code"] == -2000)
        #expect(answer.json["message"] == answer.error["message"])
        #expect(answer.json["data"] == .some(.null))
        #expect(answer.code == "missing_required_parameter")
    }

    @Test(
        "status 200 only where older gateways answered so",
        arguments: [
            ("/v1/images/generations", 200, -2002), ("/api/v1/images/generations", 200, -2002),
            ("/token/points", 200, -2002), ("/v1/nothing", 404, -1002),
        ])
    func http200(_ path: String, _ status: Int, _ number: Int64) async throws {
        let gateway = Gateway { $0.legacyErrors = .http200 }
        let answer = try await gateway.send(
            .post, path, token: nil, headers: [.contentType: "application/json"], body: "{}")
        #expect(answer.status == status)
        #expect(answer.json["code"] == .integer(number))
        #expect(answer.error["code"] != nil)
    }

    @Test("every code has its number, and failed generations tell pictures from videos")
    func numbers() {
        for kind in RequestProblem.Kind.allCases {
            #expect(LegacyCode.value(for: kind.rawValue, kind: nil) != LegacyCode.unlisted, "\(kind)")
        }
        let ours: Set<GenerationFault.Kind> = [.interrupted, .storageUnavailable, .internalError, .shuttingDown]
        for kind in GenerationFault.Kind.allCases {
            #expect((LegacyCode.value(for: kind.rawValue, kind: .image) == -1000) == ours.contains(kind), "\(kind)")
        }
        #expect(LegacyCode.value(for: "generation_timeout", kind: .image) == -2007)
        #expect(LegacyCode.value(for: "generation_timeout", kind: .video) == -2008)
        #expect(LegacyCode.value(for: "video_generation_failed", kind: nil) == -2008)
    }
}
