import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("POST /v1/generations", .timeLimit(.minutes(10)))
struct NativeGenerationTests {
    private func post(
        _ gateway: Gateway, _ body: String, headers: HTTPFields = [.contentType: "application/json"]
    ) async throws -> Answer {
        try await gateway.send(.post, "/v1/generations", headers: headers, body: body)
    }

    @Test(
        "the model decides what is made, unless the request says it",
        arguments: [
            (#"{"prompt":"p"}"#, "image"), (#"{"prompt":"p","kind":"image"}"#, "image"),
            (#"{"prompt":"p","model":"jimeng-video-3.0"}"#, "video"), (#"{"prompt":"p","kind":"video"}"#, "video"),
            (#"{"prompt":"p","model":"jimeng","kind":null}"#, "image"), (#"{"prompt":"p","model":"sora-2"}"#, "video"),
            (#"{"prompt":"p","model":"dall-e-3"}"#, "image"),
        ])
    func kinds(_ body: String, _ kind: String) async throws {
        let gateway = Gateway()
        let answer = try await post(gateway, body)
        #expect(answer.status == 202)
        #expect(answer["location"] == "/v1/generations/gen_000000000001")
        #expect(answer.json["object"] == "generation")
        #expect(answer.json["kind"]?.string == kind)
        #expect(answer.json["id"] == "gen_000000000001")
    }

    @Test(
        "what can't be made is refused as at the other endpoints",
        arguments: [
            ("{}", "missing_required_parameter", "prompt"),
            (#"{"prompt":"p","kind":"sound"}"#, "invalid_value", "kind"),
            (#"{"prompt":"p","kind":"image","model":"jimeng-video-3.0"}"#, "wrong_model_type", "model"),
            (#"{"prompt":"p","kind":"video","model":"jimeng"}"#, "wrong_model_type", "model"),
            (#"{"prompt":"p","model":"nothing"}"#, "model_not_found", "model"),
            (#"{"prompt":"p","kind":"video","duration":7}"#, "unsupported_duration", "duration"),
            (#"{"prompt":"p","ratio":"5:4"}"#, "unsupported_ratio", "ratio"),
        ])
    func refusals(_ body: String, _ code: String, _ param: String) async throws {
        let gateway = Gateway()
        let answer = try await post(gateway, body)
        #expect(answer.code == code)
        #expect(answer.error["param"]?.string == param)
        #expect(gateway.generations.requests.isEmpty)
    }

    @Test("a repeated key finds its generation")
    func repeats() async throws {
        let gateway = Gateway()
        let headers: HTTPFields = [.contentType: "application/json", .idempotencyKey: "k"]
        let first = try await post(gateway, #"{"prompt":"p"}"#, headers: headers)
        let second = try await post(gateway, #"{"prompt":"p"}"#, headers: headers)
        #expect(first.json["id"] == second.json["id"])
        #expect(try await post(gateway, #"{"prompt":"q"}"#, headers: headers).code == "idempotency_key_reused")
    }

    @Test("files of a form become references")
    func multipart() async throws {
        let gateway = Gateway()
        let body = [
            "--b", #"Content-Disposition: form-data; name="prompt""#, "", "a cat", "--b",
            #"Content-Disposition: form-data; name="image"; filename="a.png""#, "Content-Type: image/png", "",
            "IMAGE 64x64 a",
            "--b--", "",
        ].joined(separator: "\r\n")
        let answer = try await post(gateway, body, headers: [.contentType: "multipart/form-data; boundary=b"])
        #expect(answer.status == 202)
        #expect(gateway.generations.requests.first?.task.inputs.count == 1)
    }
}
