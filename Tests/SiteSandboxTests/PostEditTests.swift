import SiteWire
import Testing
import WireJSON

@testable import SiteSandbox

@Suite("After-editing")
struct PostEditTests {
    private static let smart: [String: JSONValue] = [
        "hd_scene_type": "auto", "original_image_strength": 0.65, "detail_strength": 0.65, "resolution_type": "2k",
    ]

    private static func outpaint(_ margin: Double) -> [String: JSONValue] {
        [
            "up_scale": [
                "type": "", "top": .number(margin), "bottom": .number(margin), "left": .number(margin),
                "right": .number(margin), "max_size": 12_960, "image_ratio": 1,
            ]
        ]
    }

    struct Case: Sendable {
        var tool: PostEdit.Tool
        var ability: [String: JSONValue] = [:]
        var count: Int64?
        var side: Int64
        var results = 1
        var price = 0
    }

    static let cases = [
        Case(tool: .upscale, side: 4_096), Case(tool: .smartUpscale, ability: smart, side: 2_160, price: 1),
        Case(tool: .outpaint, ability: outpaint(0.9), side: 4_000, results: 4, price: 4),
        Case(tool: .outpaint, ability: outpaint(0.25), count: 1, side: 3_072, price: 1),
    ]

    @Test("of a picture that was sent up gives the size of its tool", arguments: cases)
    func uploaded(edit: Case) throws {
        let bench = SiteBench()
        let uri = try bench.picture(width: 2_048, height: 2_048)
        let body = bench.edit(edit.tool, ["origin_image": SiteBench.image(uri)], edit.ability, count: edit.count)
        let record = try #require(try bench.finished(body))
        #expect(record["generate_type"]?.int == edit.tool.code)
        #expect(record["item_list"]?.array?.count == edit.results)
        let image = try #require(record["item_list"]?[0]?["image"]?["large_images"]?[0])
        #expect(image["width"]?.int == edit.side)
        #expect(image["height"]?.int == edit.side)
        let session = try #require(bench.site.statistics.sessions["sandbox-demo"])
        #expect(session.credits == 100_000 - edit.price)
        #expect(session.violations == [])
        let ledger = try bench.json(.ledger, body: ["count": 20, "cursor": "0"])
        #expect(ledger["data"]?["records"]?.array?.count == (edit.price > 0 ? 1 : 0))
    }

    /// The ids of a finished job's second picture, and its session's bench.
    private func item(_ bench: SiteBench) throws -> [String: JSONValue] {
        let job = try bench.submit()
        bench.advance(seconds: 60)
        let item = try #require(try bench.record(job.submitID)?["item_list"]?[1])
        let id = try #require(Int64(item["common_attr"]?["id"]?.string ?? ""))
        return ["item_id": .integer(id), "origin_history_id": .integer(try #require(Int64(job.historyID)))]
    }

    @Test("of an own result keeps what is on it", arguments: PostEdit.Tool.allCases)
    func own(tool: PostEdit.Tool) async throws {
        let bench = SiteBench(render: { svg, _, _ in Array(svg.utf8) })
        let source = try item(bench)
        let ability = tool == .smartUpscale ? Self.smart : tool == .outpaint ? Self.outpaint(0.1) : [:]
        let record = try #require(try bench.finished(bench.edit(tool, source, ability)))
        #expect(record["status"]?.int == 50)
        let url = try #require(record["item_list"]?[0]?["image"]?["large_images"]?[0]?["image_url"]?.string)
        let svg = String(
            decoding: try await bench.site.picture(target: String(url.dropFirst("http://127.0.0.1:5999".count))),
            as: UTF8.self)
        #expect(svg.contains("a red fox"))
        #expect(svg.contains(tool.rawValue))
    }

    @Test("repairs own results only: with a picture that was sent up it fails after being taken")
    func repair() throws {
        let bench = SiteBench()
        let uri = try bench.picture()
        let record = try #require(try bench.finished(bench.edit(.repair, ["origin_image": SiteBench.image(uri)])))
        #expect(record["status"]?.int == 30)
        #expect(record["item_list"]?.array?.isEmpty == true)
    }

    @Test("of results that are not there is refused")
    func missing() throws {
        let bench = SiteBench()
        let source = try item(bench)
        let other = bench.edit(.upscale, source)
        #expect(SiteBench.ret(try bench.json(.generate, session: "sandbox-demo-2", body: other)) == 1000)
        var wrong = source
        wrong["origin_history_id"] = 13_000_000_000_009
        #expect(SiteBench.ret(try bench.json(.generate, body: bench.edit(.upscale, wrong))) == 1000)
        wrong = source
        wrong["item_id"] = .integer(.max)
        #expect(SiteBench.ret(try bench.json(.generate, body: bench.edit(.upscale, wrong))) == 1000)
        // A number that went through a double has lost its last digits and is another one.
        wrong["item_id"] = .string("7500000000000000017")
        #expect(SiteBench.ret(try bench.json(.generate, body: bench.edit(.upscale, wrong))) == 1000)
        let running = try bench.submit()
        wrong = [
            "item_id": 7_500_000_000_000_000_032, "origin_history_id": .integer(try #require(Int64(running.historyID))),
        ]
        #expect(SiteBench.ret(try bench.json(.generate, body: bench.edit(.upscale, wrong))) == 1000)
    }

    @Test("that is wrong is refused and counted")
    func refused() throws {
        let bench = SiteBench()
        let source = ["origin_image": SiteBench.image(try bench.picture())]
        let path = "draft_content/component_list/0/"
        let good = bench.edit(.smartUpscale, source, Self.smart)
        let wrong: [JSONValue] = [
            bench.edit(.upscale, [:]), bench.edit(.upscale, source, root: "nonsense"),
            bench.edit(.upscale, source.merging(["item_id": 1]) { $1 }),
            bench.edit(.outpaint, source), bench.edit(.outpaint, source, Self.outpaint(0)),
            bench.edit(.outpaint, source, Self.outpaint(-1)),
            bench.edit(.outpaint, source, Self.outpaint(0.5), count: 5),
            bench.edit(.smartUpscale, source),
            bench.edit(.smartUpscale, source, Self.smart.merging(["resolution_type": "3k"]) { $1 }),
            good.setting((path + "gen_type").split(separator: "/").map(String.init), to: 13),
            good.setting(
                (path + "abilities/pro_hd/postedit_param/generate_type").split(separator: "/").map(String.init), to: 13),
        ]
        for body in wrong { #expect(SiteBench.ret(try bench.json(.generate, body: body)) == 1000) }
        #expect(bench.site.statistics.violationCount == wrong.count)
        #expect(SiteBench.ret(try bench.json(.generate, body: good)) == 0)
    }

    @Test(
        "comes to sizes that can be drawn, whatever goes in",
        arguments: [(1, 1), (8_192, 8_192), (8_192, 1), (6_197, 2_656)])
    func sizes(width: Int, height: Int) {
        for tool in PostEdit.Tool.allCases {
            let margins = PostEdit.Margins(top: 4, bottom: 4, left: 0, right: 4)
            let size = PostEdit(tool: tool, margins: margins, resolution: "4k").size(width: width, height: height)
            #expect((1...8_192).contains(size.width) && (1...8_192).contains(size.height))
        }
    }
}
