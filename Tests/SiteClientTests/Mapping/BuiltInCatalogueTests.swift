import GatewayCore
import Testing

@testable import SiteClient

/// Requests decided with the catalogue that ships.
@Suite struct BuiltInCatalogueTests {
    private func resolve(
        _ regions: [Region], _ edit: (inout ImageRequest) -> Void
    ) throws(RequestProblem) -> ResolvedImage {
        var request = ImageRequest()
        request.prompt = "a fox"
        edit(&request)
        return try ImageRequestResolver(catalogue: .site()).resolve(request, regions: regions, seed: 1)
    }

    @Test(arguments: ["1k", "2k", "4K", nil])
    func `a forced size wins over any resolution that is named`(resolution: String?) throws {
        let us = try resolve([.us]) {
            $0.model = "nanobanana"
            $0.ratio = "16:9"
            $0.resolution = resolution
        }
        #expect(us.task.resolution == "2k")
        #expect(us.task.size == PixelSize(width: 1024, height: 1024))
        #expect(us.task.ratio == .square)
        #expect(us.notices == ["resolution_forced"])
        for region in [Region.hk, .jp, .sg] {
            let asia = try resolve([region]) {
                $0.model = "nano-banana"
                $0.ratio = "16:9"
                $0.resolution = resolution
            }
            #expect(asia.task.resolution == "1k")
            #expect(asia.task.size == PixelSize(width: 1024, height: 576))
            #expect(asia.notices.contains("resolution_forced"))
        }
    }

    @Test func `nonsense is still refused where the size is forced`() {
        #expect(throws: RequestProblem.self) {
            try resolve([.us]) {
                $0.model = "nanobanana"
                $0.resolution = "8k"
            }
        }
        do throws(RequestProblem) {
            _ = try resolve([.hk]) {
                $0.model = "nanobanana"
                $0.resolution = "720p"
            }
            Issue.record("720p was taken")
        } catch {
            #expect(error.kind == .unsupportedResolution)
        }
    }

    @Test func `models below 4 point 0 need bought credits`() throws {
        let catalogue = ModelCatalogue.site()
        for name in ["jimeng-3.1", "jimeng-3.0", "jimeng-2.1", "jimeng-xl-pro"] {
            #expect(catalogue.model(named: name)?.acceptsGiftCredits == false)
        }
        #expect(catalogue.model(named: "jimeng-4.0")?.acceptsGiftCredits == true)
    }

    @Test func `the manuals' sizes can stand in for the site's, and nothing else changes`() throws {
        let site = ModelCatalogue.site()
        let manuals = site.withManualSizes()
        func size(_ model: String, _ resolution: String, _ ratio: AspectRatio) -> PixelSize? {
            manuals.model(named: model)?.sizes[resolution]?[ratio]
        }
        #expect(size("jimeng-4.5", "1k", .landscape4x3) == PixelSize(width: 768, height: 1024))
        #expect(size("jimeng-4.5", "1k", .portrait3x4) == PixelSize(width: 1024, height: 768))
        #expect(size("jimeng-4.5", "4k", .landscape16x9) == PixelSize(width: 5120, height: 2880))
        #expect(size("jimeng-4.5", "4k", .square) == PixelSize(width: 4096, height: 4096))
        #expect(size("jimeng-image-3.1", "1k", .ultrawide21x9) == PixelSize(width: 2016, height: 846))
        #expect(manuals.model(named: "jimeng-4.5")?.sizes["2k"] == site.model(named: "jimeng-4.5")?.sizes["2k"])
        #expect(manuals.models.map(\.id) == site.models.map(\.id))
    }
}
