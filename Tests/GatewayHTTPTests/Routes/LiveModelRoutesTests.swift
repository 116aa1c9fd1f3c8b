import GatewayCore
import GatewayTesting
import Hummingbird
import HummingbirdTesting
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("The model list after the site's own word", .timeLimit(.minutes(10)))
struct LiveModelRoutesTests {
    /// An API over a scripted site that lists one known model of two, and a new one.
    private struct Bench {
        let site = ScriptedUpstream()
        let time = ManualTime()
        let router: GatewayRouter

        init() {
            site.onCatalogue { _ in
                LiveCatalogue(
                    images: [
                        LiveModel(key: "key", counts: [1, 2]),
                        LiveModel(
                            key: "fresh", name: "Fresh", resolutions: ["2k"],
                            sizes: ["2k": [.square: PixelSize(width: 2048, height: 2048)]]),
                    ], videos: nil)
            }
            var services = Gateway().services
            services.live = CatalogueBook(
                builtIn: .sample, time: time, logger: LogRecorder().logger(),
                fetch: { [site] account async throws(GenerationFault) in try await site.catalogue(of: account) })
            router = GatewayRouter(services: services, configuration: HTTPConfiguration())
        }

        func get(_ uri: String, token: String? = "sandbox-demo") async throws -> Answer {
            let application = Application(responder: router.responder)
            return try await application.test(.router) { client in
                try await client.execute(
                    uri: uri, method: .get, headers: token.map { [.authorization: "Bearer \($0)"] } ?? [:]
                ) { Answer($0) }
            }
        }

        func models(_ uri: String, token: String? = "sandbox-demo") async throws -> [JSONValue] {
            try await get(uri, token: token).json["data"]?.array ?? []
        }
    }

    @Test("the site is not asked unless the request wants it")
    func usual() async throws {
        let bench = Bench()
        let models = try await bench.models("/v1/models?aliases=none")
        #expect(models.allSatisfy { $0["source"] == "static" })
        #expect(bench.site.calls.isEmpty)
    }

    @Test("a refresh shows what the caller's account has, and what it lacks only on request")
    func refresh() async throws {
        let bench = Bench()
        let models = try await bench.models("/v1/models?refresh=true&type=image&aliases=none")
        #expect(models.compactMap { $0["id"]?.string } == ["jimeng-4.5", "fresh"])
        #expect(models.allSatisfy { $0["source"] == "live" })
        let all = try await bench.models("/v1/models?all=true&type=image&aliases=none")
        #expect(all.contains { $0["id"] == "jimeng-xl" })
        #expect(all.first { $0["id"] == "jimeng-xl" }?["status"] == "unavailable")
        #expect(bench.site.calls.count == 1)
        let one = try await bench.get("/v1/models/fresh").json
        #expect(one["name"] == "Fresh")
        #expect(one["source"] == "live")
    }

    @Test("another caller, and one without a token, see the built-in list")
    func others() async throws {
        let bench = Bench()
        _ = try await bench.models("/v1/models?refresh=true")
        for token in ["sandbox-other", "  ,,", nil] {
            let models = try await bench.models("/v1/models", token: token)
            #expect(!models.isEmpty)
            #expect(models.allSatisfy { $0["source"] == "static" })
        }
        #expect(try await bench.get("/v1/models/fresh", token: nil).status == 404)
    }

    @Test("a site that does not answer leaves the built-in list")
    func failing() async throws {
        let bench = Bench()
        bench.site.onCatalogue { _ throws(GenerationFault) in throw GenerationFault(.upstreamUnreachable) }
        let models = try await bench.models("/v1/models?refresh=true")
        #expect(!models.isEmpty)
        #expect(models.allSatisfy { $0["source"] == "static" })
    }

    @Test("what has become old is called stale")
    func stale() async throws {
        let bench = Bench()
        _ = try await bench.models("/v1/models?refresh=true")
        bench.time.advance(by: .seconds(601))
        #expect(try await bench.get("/v1/models/fresh").json["source"] == "stale")
    }
}
