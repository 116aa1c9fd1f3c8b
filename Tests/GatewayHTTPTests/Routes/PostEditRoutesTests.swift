import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("After-editing", .timeLimit(.minutes(10)))
struct PostEditRoutesTests {
    private static let upscale = "/v1/images/upscale"
    private static let outpaint = "/v1/images/outpaint"

    private func gateway(
        plan: @escaping @Sendable (inout Job) -> Void = { $0.finish(2) }
    ) -> Gateway {
        Gateway(
            catalogue: .films,
            generations: { FakeGenerations(time: $0, contents: Array("IMAGE 9x9 result".utf8), plan: plan) })
    }

    private func task(_ gateway: Gateway) -> PostEditTask? {
        guard case .postEdit(let task)? = gateway.generations.requests.last?.task else { return nil }
        return task
    }

    @Test("a finished picture is edited by its ids, on the account that made it")
    func own() async throws {
        let gateway = gateway()
        _ = try await gateway.generate(token: "sandbox-a,us-sandbox-b")
        let answer = try await gateway.send(
            .post, Self.upscale, token: "us-sandbox-b,sandbox-a", headers: [.contentType: "application/json"],
            body: #"{"generation_id":"gen_000000000001","index":1,"mode":"smart","resolution":"4k"}"#)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.json["data"]?.array?.count == 1)
        #expect(answer.json["jimeng"]?["model"] == "smart-upscale")
        #expect(
            task(gateway)
                == PostEditTask(
                    tool: .smartUpscale(resolution: "4k", originalStrength: 0.65, detailStrength: 0.65),
                    source: .own(itemID: "7560000000000002", historyID: "28765432100"),
                    size: PixelSize(width: 2304, height: 1728), count: nil))
        #expect(gateway.generations.requests.last?.accounts.map(\.region) == [.cn])
    }

    @Test("a picture that is sent is uploaded, where the tools are")
    func upload() async throws {
        let gateway = gateway()
        let form = FormBody(
            [("ratio", "16:9"), ("n", "2")], files: [("image", "a.png", "IMAGE 900x900")])
        let answer = try await gateway.send(
            .post, Self.outpaint, token: "us-sandbox-b,sandbox-a", headers: form.headers, body: form.body)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.json["data"]?.array?.count == 2)
        let edit = try #require(task(gateway))
        guard case .upload(let material) = edit.source, case .outpaint(0, 0, let left, let right) = edit.tool else {
            Issue.record("\(edit)")
            return
        }
        #expect(material.width == 900)
        #expect(left == right)
        #expect(abs(left - 7.0 / 18) < 1e-9)
        #expect(gateway.generations.requests.last?.accounts.map(\.region) == [.cn])
        #expect(gateway.inputs.materials == [material])
    }

    @Test("a result without ids of the site is uploaded like any picture")
    func withoutIDs() async throws {
        let gateway = gateway(plan: { job in
            job.finish(1)
            job.outputs[0].remote.itemID = nil
        })
        _ = try await gateway.generate()
        let answer = try await gateway.sendJSON(
            #"{"generation_id":"gen_000000000001"}"#, to: Self.upscale)
        #expect(answer.status == 200, "\(answer.text)")
        guard case .upload(let material)? = task(gateway)?.source else {
            Issue.record("not uploaded")
            return
        }
        #expect(material.width == 9)
    }

    @Test(
        "what can't be edited is told",
        arguments: [
            (#"{}"#, "missing_required_parameter", "image"),
            (#"{"generation_id":"gen_none"}"#, "generation_not_found", "generation_id"),
            (#"{"generation_id":"nonsense"}"#, "generation_not_found", "generation_id"),
            (#"{"generation_id":"gen_000000000001","index":2}"#, "value_out_of_range", "index"),
            (#"{"generation_id":"gen_000000000001","index":-1}"#, "value_out_of_range", "index"),
            (#"{"images":["https://a.example/1","https://a.example/2"]}"#, "too_many_images", "images[1]"),
            (#"{"image":"https://a.example/1"}"#, "DOWNLOAD_FAILED", "image"),
            (#"{"image":"https://a.example/1","mode":"best"}"#, "invalid_value", "mode"),
        ])
    func refusals(_ body: String, _ code: String, _ param: String) async throws {
        let gateway = gateway()
        _ = try await gateway.generate()
        let answer = try await gateway.sendJSON(body, to: Self.upscale)
        #expect(answer.code == code, "\(answer.text)")
        #expect(answer.error["param"] == .string(param))
        #expect(gateway.inputs.materials.isEmpty)
    }

    @Test("a picture of somebody else's, one that is not finished, and a video are none to edit")
    func states() async throws {
        let gateway = gateway()
        _ = try await gateway.generate()
        let foreign = try await gateway.send(
            .post, Self.upscale, token: "sandbox-x", headers: [.contentType: "application/json"],
            body: #"{"generation_id":"gen_000000000001"}"#)
        #expect(foreign.code == "generation_not_found")
        gateway.generations.update { $0.state = .running }
        let early = try await gateway.sendJSON(#"{"generation_id":"gen_000000000001"}"#, to: Self.upscale)
        #expect(early.status == 409)
        #expect(early.code == "generation_not_finished")
        let films = self.gateway(plan: { $0.finishFilm() })
        _ = try await films.sendJSON(#"{"prompt":"p"}"#, to: "/v1/videos/generations")
        let film = try await films.sendJSON(#"{"generation_id":"gen_000000000001"}"#, to: Self.upscale)
        #expect(film.code == "unsupported_media_format")
    }
}
