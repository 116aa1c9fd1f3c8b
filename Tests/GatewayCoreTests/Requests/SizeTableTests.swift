import GatewayCore
import Testing

/// The published table of common sizes, row by row (openai-compat.md section 4).
@Suite("Sizes as pixels")
struct SizeTableTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var sizes: [String]
        var ratio: AspectRatio
        var newer: (String, String)
        var older: (String, String)
        var testDescription: String { sizes.joined(separator: " ") }

        init(_ sizes: String..., ratio: AspectRatio, newer: (String, String), older: (String, String)) {
            self.sizes = sizes
            self.ratio = ratio
            self.newer = newer
            self.older = older
        }
    }

    @Test(
        "every common size becomes a size the site has",
        arguments: [
            Row(
                "256x256", "512x512", "1024x1024", "1024*1024", "1024×1024", "1024X1024", ratio: .square,
                newer: ("2k", "2048x2048"), older: ("1k", "1328x1328")),
            Row("1536x1024", ratio: .landscape3x2, newer: ("2k", "2496x1664"), older: ("1k", "1584x1056")),
            Row("1024x1536", ratio: .portrait2x3, newer: ("2k", "1664x2496"), older: ("1k", "1056x1584")),
            Row("1792x1024", ratio: .landscape16x9, newer: ("2k", "2560x1440"), older: ("1k", "1664x936")),
            Row("1024x1792", ratio: .portrait9x16, newer: ("2k", "1440x2560"), older: ("1k", "936x1664")),
            Row("1280x720", "1920x1080", ratio: .landscape16x9, newer: ("2k", "2560x1440"), older: ("1k", "1664x936")),
            Row("720x1280", "1080x1920", ratio: .portrait9x16, newer: ("2k", "1440x2560"), older: ("1k", "936x1664")),
            Row("1024x768", ratio: .landscape4x3, newer: ("2k", "2304x1728"), older: ("1k", "1472x1104")),
            Row("768x1024", ratio: .portrait3x4, newer: ("2k", "1728x2304"), older: ("1k", "1104x1472")),
            Row("832x1248", ratio: .portrait2x3, newer: ("2k", "1664x2496"), older: ("1k", "1056x1584")),
            Row("896x1152", ratio: .portrait3x4, newer: ("2k", "1728x2304"), older: ("1k", "1104x1472")),
            Row("1216x832", ratio: .landscape3x2, newer: ("2k", "2496x1664"), older: ("1k", "1584x1056")),
            Row("1328x1328", ratio: .square, newer: ("2k", "2048x2048"), older: ("1k", "1328x1328")),
            Row("2048x2048", ratio: .square, newer: ("2k", "2048x2048"), older: ("2k", "2048x2048")),
            Row(
                "2048x1152", "2560x1440", ratio: .landscape16x9, newer: ("2k", "2560x1440"), older: ("2k", "2560x1440")),
            Row("2304x1728", ratio: .landscape4x3, newer: ("2k", "2304x1728"), older: ("2k", "2304x1728")),
            Row("2496x1664", ratio: .landscape3x2, newer: ("2k", "2496x1664"), older: ("2k", "2496x1664")),
            Row(
                "3024x1296", "3072x1024", ratio: .ultrawide21x9, newer: ("2k", "3024x1296"), older: ("2k", "3024x1296")),
            Row("1024x3072", ratio: .portrait9x16, newer: ("2k", "1440x2560"), older: ("2k", "1440x2560")),
            Row(
                "3840x2160", "5404x3040", "5120x2880", ratio: .landscape16x9, newer: ("4k", "5404x3040"),
                older: ("2k", "2560x1440")),
            Row("2160x3840", ratio: .portrait9x16, newer: ("4k", "3040x5404"), older: ("2k", "1440x2560")),
            Row("4096x4096", ratio: .square, newer: ("4k", "4096x4096"), older: ("2k", "2048x2048")),
            Row("4693x3520", "4608x3456", ratio: .landscape4x3, newer: ("4k", "4693x3520"), older: ("2k", "2304x1728")),
            Row(
                "6197x2656", "6048x2592", ratio: .ultrawide21x9, newer: ("4k", "6197x2656"), older: ("2k", "3024x1296")),
            Row("2016x864", "2016x846", ratio: .ultrawide21x9, newer: ("2k", "3024x1296"), older: ("1k", "2016x864")),
        ])
    func commonSizes(_ row: Row) throws {
        for size in row.sizes {
            for (model, expected) in [("jimeng-4.5", row.newer), ("jimeng-3.0", row.older)] {
                let task = try resolve(size: size, model: model)
                #expect(task.ratio == row.ratio, "\(size) \(model)")
                #expect(task.resolution == expected.0, "\(size) \(model)")
                #expect(task.size.description == expected.1, "\(size) \(model)")
            }
        }
    }

    @Test("nothing said is the model's default")
    func automatic() throws {
        for size in ["auto", "", " AUTO "] {
            let task = try resolve(size: size, model: "jimeng-4.5")
            #expect(task.size.description == "2048x2048")
            #expect(task.ratio == .square)
        }
    }

    @Test(
        "a tier is a resolution",
        arguments: [
            ("1K", "1k", "1024x1024", "1328x1328"), ("2k", "2k", "2048x2048", "2048x2048"),
            ("4K", "4k", "4096x4096", "4096x4096"),
        ])
    func tiers(_ size: String, _ resolution: String, _ newer: String, _ older: String) throws {
        #expect(try resolve(size: size, model: "jimeng-4.5").size.description == newer)
        let task = try resolve(size: size, model: "jimeng-3.0")
        #expect(task.size.description == older)
        #expect(task.resolution == resolution)
    }

    @Test(
        "what is no size is refused",
        arguments: [
            "0x10", "abc", "99999x1", "1024", "1024x", "x1024", "63x1024", "1024x8193", "1024x1024x1", "-5x100",
        ])
    func refusals(_ size: String) {
        #expect(throws: RequestProblem(.invalidSize, param: "size", values: [.got: .echo(size)])) {
            try resolve(size: size, model: "jimeng-4.5")
        }
    }

    private func resolve(size: String, model: String) throws -> TextToImage {
        var request = ImageRequest()
        request.prompt = "a cat"
        request.model = model
        request.size = size
        return try ImageRequestResolver(catalogue: SampleModels.catalogue)
            .resolve(request, regions: [.cn], seed: 1).task
    }
}
