import SiteWire
import Testing
import WireJSON

@testable import SiteSandbox

/// The requests this program builds, judged by the strict sandbox.
@Suite("Our own client")
struct ClientContractTests {
    private let bench = SiteBench()

    /// The request as it arrives.
    private func call(_ request: SiteRequest) throws -> SiteCall {
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.lowercased()] = field.value }
        var query: [String: String] = [:]
        for field in request.query { query[field.name] = field.value }
        return SiteCall(
            endpoint: try #require(SandboxEndpoint(rawValue: request.path)), path: request.path, query: query,
            headers: headers, authority: "127.0.0.1:1", body: request.body ?? [])
    }

    private func caller(_ region: SiteRegion) throws -> SiteCaller {
        let session = try #require(SiteSession(id: "sandbox-fast", webID: SiteSession.webID(random: 7)))
        return SiteCaller(region: region, session: session)
    }

    @Test("asks for everything in a way the site accepts", arguments: SiteRegion.allCases)
    func reads(region: SiteRegion) throws {
        let caller = try caller(region)
        let now = bench.now / 1_000
        let requests = [
            caller.credit(at: now), caller.ledger(at: now), caller.userInfo(at: now), caller.imageCatalogue(at: now),
            caller.videoCatalogue(at: now), caller.claimCredits(at: now), caller.images(byURI: ["x"], at: now),
            caller.history(submitIDs: ["x"], at: now), caller.history(historyIDs: ["1"], at: now),
        ]
        for request in requests {
            let answer = try bench.json(try call(request))
            #expect(SiteBench.ret(answer) == 0, "\(request.path)")
        }
        #expect(bench.site.statistics.violations == [])
    }

    @Test("submits in a way the site accepts", arguments: SiteRegion.allCases)
    func submissions(region: SiteRegion) throws {
        let caller = try caller(region)
        let model = try #require(SiteCatalogue.imageModel(named: "jimeng-4.5"))
        for variant in 0..<4 {
            let dimensions = try #require(
                model.dimensions(ratio: .landscape16x9, resolution: variant == 0 ? .fourK : .twoK, region: region))
            let draft = TextToImageDraft(
                modelKey: try #require(model.upstreamKeys[region]), prompt: "画3张连续的猫", seed: UInt32.max,
                sampleStrength: variant == 1 ? 1 : 0.5, dimensions: dimensions, intelligentRatio: variant == 2,
                count: variant == 1 ? 2 : nil, isSeries: variant == 3)
            let id = bench.nextID()
            let body = draft.submission(
                submitID: id, ids: DraftIDs(next: bench.nextID), region: region, versions: caller.versions,
                unixMilliseconds: bench.now)
            let request = caller.generate(body: body, media: .image, at: bench.now / 1_000)
            #expect(SiteBench.ret(try bench.json(try call(request))) == 0)
            let seen = try bench.json(try call(caller.history(submitIDs: [id], at: bench.now / 1_000)))
            let items = seen["data"]?[id]?["item_list"]?.array
            #expect(items?.count == [4, 2, 4, 3][variant])
            #expect(items?.first?["image"]?["large_images"]?[0]?["image_url"]?.string?.isEmpty == false)
        }
        #expect(bench.site.statistics.violations == [])
    }
}
