import SiteWire
import Testing
import WireJSON

@Suite struct ImageSizeTests {
    @Test(
        "the tables are those of the site, with the ratio's number",
        arguments: [
            (ImageSizeTable.oneK, "1k_1024_corrected"), (.oneKOlder, "1k_1328"), (.twoK, "2k"),
            (.fourK, "4k_server"), (.fourKFormer, "4k_iptag"),
        ])
    func matches(table: ImageSizeTable, name: String) throws {
        let sizes = try #require(try Vectors.file("sizes.json")["image"]?["tables"]?[name]?["sizes"]?.object)
        #expect(sizes.count == ImageRatio.allCases.count)
        for (label, row) in sizes {
            let ratio = try #require(ImageRatio(rawValue: label))
            let size = table.size(for: ratio)
            #expect(row["width"]?.int == Int64(size.width))
            #expect(row["height"]?.int == Int64(size.height))
            // The former 4k rows were sent with other numbers; today's are the same at every resolution.
            let offset: Int64 = table == .fourKFormer ? 100 : 0
            #expect(row["image_ratio"]?.int == Int64(ratio.code) + offset)
            #expect(table.ratio(of: size) == ratio)
        }
    }

    @Test("every cell has the shape its label says", arguments: ImageSizeTable.allCases)
    func shapes(table: ImageSizeTable) throws {
        for ratio in ImageRatio.allCases {
            let size = table.size(for: ratio)
            let parts = ratio.rawValue.split(separator: ":").compactMap { Double($0) }
            let wanted = try #require(parts.first) / (try #require(parts.last))
            #expect(abs(Double(size.width) / Double(size.height) / wanted - 1) < 0.01)
        }
    }

    @Test("ratio numbers are those of the newest catalogue")
    func ratioCodes() throws {
        let codes = try #require(try Vectors.file("models-newest.json")["image_ratio_codes"]?.object)
        #expect(codes.count == ImageRatio.allCases.count)
        for ratio in ImageRatio.allCases {
            #expect(codes[ratio.rawValue]?.int == Int64(ratio.code))
            #expect(ImageRatio(code: ratio.code) == ratio)
        }
        #expect(ImageRatio(code: 9) == nil)
        #expect(ImageRatio(code: 101) == nil)
    }

    @Test(
        "exact pixel sizes are cells of the tiers a model has by nature",
        arguments: [
            ("jimeng-4.5", 2_048, 2_048, "1:1 2k"), ("jimeng-4.5", 4_608, 3_456, "4:3 4k"),
            ("jimeng-4.5", 4_693, 3_520, "4:3 4k"), ("jimeng-4.5", 1_024, 768, nil),
            ("nanobananapro", 1_024, 768, "4:3 1k"), ("nanobananapro", 768, 1_024, "3:4 1k"),
            ("jimeng-3.1", 2_016, 846, "21:9 1k"), ("jimeng-3.1", 2_016, 864, "21:9 1k"),
            ("jimeng-3.1", 4_096, 4_096, nil), ("jimeng-5.0-pro", 6_048, 2_592, "21:9 4k"),
        ] as [(String, Int, Int, String?)])
    func nativeCells(model: String, width: Int, height: Int, expected: String?) throws {
        let cell = try #require(SiteCatalogue.imageModel(named: model)).nativeCell(of: ImageSize(width, height))
        #expect(cell.map { "\($0.ratio.rawValue) \($0.resolution.rawValue)" } == expected)
    }

    @Test(
        "a size is forced on Nano Banana: square in the US, 1k elsewhere",
        arguments: [(SiteRegion.us, 1_024, 1_024, "2k", 1), (.hk, 1_024, 576, "1k", 3), (.sg, 1_024, 576, "1k", 3)])
    func forcedSize(region: SiteRegion, width: Int, height: Int, resolution: String, code: Int) throws {
        let model = try #require(SiteCatalogue.imageModel(named: "nano-banana"))
        let dimensions = try #require(
            model.dimensions(ratio: .landscape16x9, resolution: .fourK, region: region))
        #expect(dimensions.size == ImageSize(width, height))
        #expect(dimensions.resolution.rawValue == resolution)
        #expect(dimensions.ratio.code == code)
    }

    @Test("a resolution the model lacks, or whose pixels are unknown, has no dimensions")
    func missingDimensions() throws {
        let pro = try #require(SiteCatalogue.imageModel(named: "jimeng-5.0-pro"))
        #expect(pro.dimensions(ratio: .square, resolution: .oneAndAHalfK, region: .cn) == nil)
        #expect(pro.dimensions(ratio: .square, resolution: .oneK, region: .cn) == nil)
        #expect(pro.dimensions(ratio: .landscape16x9, resolution: .fourK, region: .cn)?.size == ImageSize(5_404, 3_040))
        let older = try #require(SiteCatalogue.imageModel(named: "jimeng-3.0"))
        #expect(older.dimensions(ratio: .landscape21x9, resolution: .oneK, region: .cn)?.size == ImageSize(2_016, 864))
        #expect(older.dimensions(ratio: .square, resolution: .twoK, region: .cn)?.size == ImageSize(2_048, 2_048))
    }
}
