import Foundation
import Testing
import WireJSON

/// The resources of the manuals beside the generating endpoints, asked by curl and compared with the printed answers.
@Suite("The manuals' resources", .timeLimit(.minutes(10))) struct DocumentedResourcesTests {
    private func withCurl(
        token: String = "sandbox-demo", flags: [String: String] = [:],
        _ body: @escaping @Sendable (Curl) async throws -> Void
    ) async throws {
        try await TestGateway(flags: flags).run { api in try await body(Curl(base: api.base, token: token)) }
    }

    // MARK: - Waiting or not

    @Test(
        arguments: [
            ("/v1/images/generations", "X-Nothing: 1", #"{"prompt":"a fox","n":1,"async":true}"#),
            ("/v1/images/generations?async=true", "X-Nothing: 1", #"{"prompt":"a fox","n":1}"#),
            ("/v1/images/generations", "Prefer: respond-async", #"{"prompt":"a fox","n":1}"#),
            ("/v1/videos/generations", "Prefer: respond-async", #"{"prompt":"a fox"}"#),
        ])
    func `an order that is not waited for is answered with its record`(
        path: String, header: String, body: String
    ) async throws {
        try await withCurl { curl in
            let order = try await curl(path, "-H", header, "-d", body)
            #expect(order.status == 202, "\(order.text)")
            #expect(order.json["object"]?.string == "generation")
            #expect(order.headers["location"] == "/v1/generations/\(order.json["id"]?.string ?? "")")
            #expect(order.headers["retry-after"] == "5")
            if header.hasPrefix("Prefer") { #expect(order.headers["preference-applied"] == "respond-async") }
        }
    }

    @Test func `a generation is looked at, listened to, fetched, listed and deleted`() async throws {
        try await withCurl { curl in
            let order = try await curl("/v1/generations", "-d", #"{"kind":"image","prompt":"a fox","n":1}"#)
            #expect(order.status == 202, "\(order.text)")
            let id = try #require(order.json["id"]?.string)
            #expect(order.headers["location"] == "/v1/generations/\(id)" && order.headers["retry-after"] != nil)
            for name in [
                "id", "object", "task_id", "kind", "status", "progress", "queue_position", "queue_total", "eta_seconds",
                "model", "prompt", "ratio", "resolution", "duration", "created_at", "started_at", "completed_at",
                "expires_at", "data", "url", "error", "history_id", "credits_quoted", "credits_used", "notices",
                "poll_url", "metadata",
            ] { #expect(order.json[name] != nil, "\(name)") }
            #expect(order.json["object"]?.string == "generation" && order.json["kind"]?.string == "image")

            let events = try await curl("/v1/generations/\(id)/events")
            #expect(events.headers["content-type"]?.hasPrefix("text/event-stream") == true)
            #expect(events.text.contains("event: generation.succeeded"))
            let last = try JSONValue.parse(Array((events.events.last ?? "").utf8))
            #expect(last["status"]?.string == "succeeded" && last["progress"]?.int == 100)

            let ended = try await curl("/v1/generations/\(id)?wait=10")
            #expect(ended.json["url"]?.string != nil && ended.json["url"] == ended.json["data"]?[0]?["url"])
            let part = try await curl("/v1/generations/\(id)/content/0", "-H", "Range: bytes=0-11")
            #expect(part.status == 206 && part.text.hasPrefix("RIFF") && part.bytes.count == 12)

            let several = try await curl("/v1/generations?ids=\(id),gen_000000000000")
            #expect(several.json["data"]?[0]?["id"]?.string == id)
            #expect(several.json["data"]?[1]?["status"]?.string == "not_found")
            let page = try await curl("/v1/generations?limit=20&order=desc&kind=image&status=succeeded")
            #expect(page.json["object"]?.string == "list" && page.json["has_more"]?.bool == false)
            #expect(page.json["first_id"]?.string == id && page.json["last_id"]?.string == id)

            let gone = try await curl("/v1/generations/\(id)", "-X", "DELETE")
            #expect(gone.json == ["id": .string(id), "object": "generation.deleted", "deleted": true])
            #expect(try await curl("/v1/generations/\(id)").status == 404)
        }
    }

    @Test func `a repeat with the same key joins, another order under it is refused`() async throws {
        try await withCurl { curl in
            let key = "Idempotency-Key: once"
            let first = try await curl("/v1/images/generations", "-H", key, "-d", #"{"prompt":"a fox","n":1}"#)
            let again = try await curl("/v1/images/generations", "-H", key, "-d", #"{"prompt":"a fox","n":1}"#)
            #expect(first.status == 200 && again.status == 200)
            #expect(again.headers["idempotency-replayed"] == "true")
            #expect(first.headers["x-generation-id"] == again.headers["x-generation-id"])
            let other = try await curl("/v1/images/generations", "-H", key, "-d", #"{"prompt":"a cat","n":1}"#)
            #expect(other.status == 409 && other.json["error"]?["code"]?.string == "idempotency_key_reused")
        }
    }

    // MARK: - Models and tokens

    @Test func `models are listed with what they can do`() async throws {
        try await withCurl { curl in
            let list = try await curl("/v1/models", isAnonymous: true)
            #expect(list.json["object"]?.string == "list")
            let models = list.json["data"]?.array ?? []
            let picture = try #require(models.first { $0["id"]?.string == "jimeng-4.5" })
            #expect(picture["object"]?.string == "model" && picture["owned_by"]?.string == "jimeng-image")
            #expect(picture["type"]?.string == "image" && picture["name"]?.string == "Seedream 4.5")
            #expect(picture["regions"]?.array?.count == 5 && picture["default_resolution"]?.string == "2k")
            #expect(picture["supported_ratios"]?.array?.contains("21:9") == true)
            #expect(picture["supports"]?["image_input"]?.bool == true && picture["source"]?.string == "static")
            for name in ["created", "description", "alias_of", "status", "supported_resolutions"] {
                #expect(picture[name] != nil, "\(name)")
            }
            let video = try #require(models.first { $0["id"]?.string == "jimeng-video-3.0" })
            #expect(video["owned_by"]?.string == "jimeng-video" && video["durations"]?.array == [5, 10])
            #expect(video["default_duration"]?.int == 5 && video["supports"]?["omni"]?.bool == false)
            let kinds = models.filter { $0["alias_of"] == .null }.map { $0["type"]?.string ?? "" }
            #expect(kinds == kinds.sorted(), "pictures first, then videos")

            let videos = try await curl("/v1/models?type=video", isAnonymous: true)
            #expect(videos.json["data"]?.array?.allSatisfy { $0["type"]?.string == "video" } == true)
            #expect(try await curl("/v1/models/jimeng-4.5", isAnonymous: true).json["id"]?.string == "jimeng-4.5")
            #expect(
                try await curl("/v1/models/nothing", isAnonymous: true).json["error"]?["code"]?.string
                    == "model_not_found")
        }
    }

    @Test func `tokens are checked, asked for their points and given the day's`() async throws {
        try await withCurl(token: "sandbox-demo,us-sandbox-dead") { curl in
            let live = try await curl(
                "/token/check", "-H", "Content-Type: application/json", "-d", #"{"token":"us-sandbox-demo"}"#,
                isAnonymous: true)
            #expect(live.json == ["live": true], "\(live.text)")
            let both = try await curl("/token/check", "-X", "POST")
            #expect(both.json["live"]?.bool == false && both.json["results"]?.array?.count == 2)
            #expect(both.json["results"]?[1]?["region"]?.string == "us")

            let points = try await curl("/token/points", "-X", "POST")
            #expect(points.status == 200, "\(points.text)")
            let first = points.json[0]
            #expect(first?["token"]?.string == "sandbox-demo")
            let sum = ["giftCredit", "purchaseCredit", "vipCredit"].map { first?["points"]?[$0]?.int ?? -1 }
            #expect(!sum.contains(-1) && first?["points"]?["totalCredit"]?.int == sum.reduce(0, +))
            #expect(points.json[1]?["points"] == .null && points.json[1]?["error"]?["code"]?.string != nil)

            let received = try await curl("/token/receive", "-X", "POST")
            #expect(received.json[0]?["credits"]?["totalCredit"]?.int != nil)
            #expect(received.json[0]?["received"]?.bool != nil)
        }
    }

    // MARK: - The service itself

    @Test func `the service tells what it is and how it is`() async throws {
        try await withCurl { curl in
            let root = try await curl("/", "-H", "Accept: application/json", isAnonymous: true)
            #expect(root.json["service"]?.string == "jimeng-gateway" && root.json["status"]?.string == "running")
            #expect(root.json["endpoints"]?["images"]?.string == "/v1/images/generations")
            #expect(root.headers["vary"]?.lowercased().contains("accept") == true)
            let ping = try await curl("/ping", isAnonymous: true)
            #expect(ping.text == "pong" && ping.headers["content-type"]?.hasPrefix("text/plain") == true)
            let health = try await curl("/health", isAnonymous: true)
            #expect(health.status == 200 && health.json["status"]?.string == "ok")
            #expect(health.json["checks"]?["database"]?.string == "ok")
            #expect(health.json["uptime_seconds"]?.int != nil && health.json["version"]?.string != nil)
            #expect(try await curl("/ready", isAnonymous: true).status == 200)
            #expect([200, 204].contains(try await curl("/favicon.ico", isAnonymous: true).status))
            #expect(try await curl("/api/v1/models/", isAnonymous: true).status == 200)
        }
    }

    @Test func `what is not there, not meant so or not allowed is told by its code`() async throws {
        try await withCurl { curl in
            let nothing = try await curl("/v1/nothing")
            #expect(nothing.status == 404 && nothing.json["error"]?["code"]?.string == "unknown_url")
            let method = try await curl("/v1/images/generations")
            #expect(method.status == 405)
            let kind = try await curl("/v1/images/generations", "-H", "Content-Type: text/csv", "-d", "a,b")
            #expect(kind.status == 415 && kind.json["error"]?["code"]?.string == "unsupported_content_type")
            let nobody = try await curl("/v1/images/generations", "-d", #"{"prompt":"a"}"#, isAnonymous: true)
            #expect(nobody.status == 401 && nobody.json["error"]?["code"]?.string == "missing_api_key")
            let preflight = try await curl(
                "/v1/images/generations", "-X", "OPTIONS", "-H", "Origin: https://a.example", "-H",
                "Access-Control-Request-Method: POST", isAnonymous: true)
            #expect(preflight.status == 204 && preflight.headers["access-control-allow-origin"] == "*")
            #expect(preflight.headers["access-control-max-age"] == "86400")
        }
    }
}
