import GatewayCore
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("The model list", .timeLimit(.minutes(10)))
struct ModelRoutesTests {
    private func ids(_ query: String) async throws -> [String] {
        let answer = try await Gateway().send(.get, "/v1/models" + query, token: nil)
        #expect(answer.status == 200)
        return (answer.json["data"]?.array ?? []).compactMap { $0["id"]?.string }
    }

    @Test(
        "holds what was asked for, in order",
        arguments: [
            ("", ["jimeng-4.5", "nanobanana", "jimeng-video-3.0", "jimeng"]),
            ("?type=image", ["jimeng-4.5", "nanobanana", "jimeng"]), ("?type=video", ["jimeng-video-3.0"]),
            ("?aliases=none", ["jimeng-4.5", "nanobanana", "jimeng-video-3.0"]),
            ("?type=image&aliases=none&all=true", ["jimeng-4.5", "nanobanana", "jimeng-xl"]),
            ("?refresh=1&type=video&aliases=all", ["jimeng-video-3.0", "sora-2", "sora-2-pro"]),
        ])
    func lists(_ query: String, _ expected: [String]) async throws {
        #expect(try await ids(query) == expected)
    }

    @Test("every entry is complete")
    func entries() async throws {
        let model = try await Gateway().send(.get, "/v1/models/jimeng-4.5", token: nil).json
        #expect(
            model == [
                "id": "jimeng-4.5", "object": "model", "created": 1_764_547_200, "owned_by": "jimeng-image",
                "type": "image", "name": "Seedream 4.5", "description": "Pictures", "alias_of": .null,
                "status": "current", "regions": ["cn", "us", "hk", "jp", "sg"], "supported_resolutions": ["2k", "1k"],
                "default_resolution": "2k", "supported_ratios": ["1:1", "4:3", "3:2"],
                "supports": ["image_input": true, "intelligent_ratio": true, "multi_image": true], "source": "static",
            ])
        let video = try await Gateway().send(.get, "/v1/models/jimeng-video-3.0", token: nil).json
        #expect(video["owned_by"] == "jimeng-video")
        #expect(video["durations"] == [5, 10])
        #expect(video["default_duration"] == 5)
    }

    @Test(
        "aliases are found, whatever their case",
        arguments: [("jimeng", "jimeng-4.5"), ("SEEDREAM-4.5", "jimeng-4.5"), ("gpt-image-1", "jimeng-4.5")])
    func aliases(_ name: String, _ canonical: String) async throws {
        let model = try await Gateway().send(.get, "/v1/models/\(name)", token: nil).json
        #expect(model["alias_of"] == .string(canonical))
    }

    @Test("an unknown model is not found")
    func unknown() async throws {
        let answer = try await Gateway().send(.get, "/v1/models/nothing%0A", token: nil)
        #expect(answer.status == 404)
        #expect(answer.code == "model_not_found")
        #expect(answer.error["message"] == "The model 'nothing?' does not exist.")
    }

    @Test("wrong filters are refused", arguments: ["type=audio", "aliases=some", "all=maybe"])
    func filters(_ query: String) async throws {
        let answer = try await Gateway().send(.get, "/v1/models?" + query, token: nil)
        #expect(answer.status == 400)
        #expect(answer.code == "invalid_value")
        #expect(answer.error["param"]?.string == query.split(separator: "=").first.map(String.init))
    }

    @Test("a key can be demanded")
    func privateList() async throws {
        let gateway = Gateway { $0.modelsArePublic = false }
        #expect(try await gateway.send(.get, "/v1/models", token: nil).code == "missing_api_key")
        #expect(try await gateway.send(.get, "/v1/models/jimeng", token: nil).status == 401)
        #expect(try await gateway.send(.get, "/v1/models", token: "sandbox-x").status == 200)
    }
}
