import SiteWire
import Testing
import WireJSON

@testable import SiteSandbox

@Suite("The catalogues of the sandbox")
struct CatalogueReplyTests {
    @Test("list the region's image models with sizes and counts", arguments: SiteRegion.allCases)
    func images(region: SiteRegion) throws {
        let models = try #require(CatalogueReply(region: region).images["model_list"]?.array)
        let keys = models.compactMap { $0["model_req_key"]?.string }
        #expect(keys.contains("high_aes_general_v40l"))
        #expect(!keys.contains("high_aes_general_v21_L:general_v2.1_L"))
        #expect(keys.contains("high_aes_general_v50p_large") == (region == .cn))
        for model in models {
            let buckets = try #require(model["resolution_map"]?.object)
            for (_, bucket) in buckets {
                let sizes = try #require(bucket["image_ratio_sizes"]?.array)
                #expect(sizes.compactMap { $0["ratio_type"]?.int }.sorted() == [1, 2, 3, 4, 5, 6, 7, 8])
            }
        }
    }

    @Test("give 1.5k its pixels, which can then be asked for")
    func oneAndAHalfK() throws {
        let key = "high_aes_general_v50_flash"
        let models = try #require(CatalogueReply(region: .cn).images["model_list"]?.array)
        let model = try #require(models.first { $0["model_req_key"]?.string == key })
        let sizes = try #require(model["resolution_map"]?["1.5k"]?["image_ratio_sizes"]?.array)
        let wide = try #require(sizes.first { $0["ratio_type"]?.int == 3 })
        let core = "draft_content/component_list/0/abilities/generate/core_param/"
        let bench = SiteBench()
        _ = try bench.submit([
            (core + "model", .string(key)), ("extend/root_model", .string(key)), (core + "image_ratio", 3),
            (core + "large_image_info/width", wide["width"]), (core + "large_image_info/height", wide["height"]),
            (core + "large_image_info/resolution_type", "1.5k"),
        ])
        #expect(bench.site.statistics.violations == [])
    }

    @Test("list no video model that is gone", arguments: SiteRegion.allCases)
    func videos(region: SiteRegion) throws {
        let models = try #require(CatalogueReply(region: region).videos["model_list"]?.array)
        #expect(!models.isEmpty)
        let gone = SiteCatalogue.videoModels.filter { $0.offlineRegions.contains(region) }
        let keys = Set(models.compactMap { $0["model_req_key"]?.string })
        #expect(gone.allSatisfy { !keys.contains($0.upstreamKeys[region] ?? "") })
    }
}
