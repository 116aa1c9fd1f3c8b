import SiteWire
import Testing
import WireJSON

@testable import SiteSandbox

@Suite("A blend")
struct BlendTests {
    private static let blend = "draft_content/component_list/0/abilities/blend/"

    @Test("of pictures that were sent up is made, in both forms")
    func forms() throws {
        let bench = SiteBench()
        let body = try bench.blend()
        let record = try #require(try bench.finished(body))
        #expect(record["generate_type"]?.int == 12)
        #expect(record["item_list"]?.array?.count == 4)
        let uris = [try bench.picture(), try bench.picture()]
        let ability: JSONValue = [
            "type": "", "id": "00000000-0000-4000-8000-0000000000ab", "name": "byte_edit",
            "image_uri_list": .array(uris.map { .string($0) }), "image_list": .array(uris.map(SiteBench.image)),
            "strength": 0.5,
        ]
        let together = try bench.blend([
            (Self.blend + "ability_list", [ability]),
            (Self.blend + "prompt_placeholder_info_list", [["type": "", "ability_index": 0]]),
            (Self.blend + "core_param/prompt", "put one into the other"),
        ])
        #expect(try bench.finished(together)?["status"]?.int == 50)
        #expect(bench.site.statistics.violations == [])
    }

    @Test("may take one of the account's own results")
    func own() throws {
        let bench = SiteBench()
        let job = try bench.submit()
        bench.advance(seconds: 60)
        let item = try #require(try bench.record(job.submitID)?["item_list"]?[0])
        let uri = try #require(item["image"]?["large_images"]?[0]?["image_uri"]?.string)
        let changes: [(path: String, value: JSONValue?)] = [
            (Self.blend + "ability_list/0/image_uri_list", [.string(uri)]),
            (Self.blend + "ability_list/0/image_list", [SiteBench.image(uri)]),
        ]
        #expect(SiteBench.ret(try bench.json(.generate, body: try bench.blend(changes))) == 0)
        // Another account does not have it.
        let body = try bench.blend(session: "sandbox-demo-2", changes)
        #expect(SiteBench.ret(try bench.json(.generate, session: "sandbox-demo-2", body: body)) == 3020)
        #expect(bench.site.statistics.violations == [])
    }

    static let faults: [(String, JSONValue?, Int)] = [
        ("ability_list", [], 1000), ("ability_list/0/name", "x", 1000), ("ability_list/0/image_uri_list", [], 1000),
        ("ability_list/0/image_uri_list", [7], 1000), ("ability_list/0/image_list", [], 1000),
        ("ability_list/0/image_list/0/uri", "tos-cn-i-tb4s082cfz/other", 1000),
        ("ability_list/0/image_list/0/source_from", "link", 1000), ("ability_list/0/strength", 2, 1000),
        ("prompt_placeholder_info_list", [["ability_index": 0]], 1000),
        ("prompt_placeholder_info_list/1/ability_index", 0, 1000), ("core_param/prompt", "##one mark for two", 1000),
        ("core_param/prompt", "####", 1000), ("gen_option", [:], 3018), ("core_param/image_ratio", nil, 1000),
    ]

    @Test("that is wrong is refused and counted", arguments: faults)
    func refused(path: String, value: JSONValue?, ret: Int) throws {
        let bench = SiteBench()
        let body = try bench.blend([(Self.blend + path, value)])
        #expect(SiteBench.ret(try bench.json(.generate, body: body)) == ret)
        #expect(bench.site.statistics.violationCount == 1)
        #expect(bench.site.statistics.keptJobs == 0)
    }

    @Test("of pictures that were never sent up is refused")
    func unknown() throws {
        let bench = SiteBench()
        let uri = "tos-cn-i-tb4s082cfz/0123456789abcdef0123456789abcdef"
        let body = try bench.blend([
            (Self.blend + "ability_list/0/image_uri_list", [.string(uri)]),
            (Self.blend + "ability_list/0/image_list", [SiteBench.image(uri)]),
        ])
        #expect(SiteBench.ret(try bench.json(.generate, body: body)) == 3020)
        #expect(bench.site.statistics.violationCount == 1)
    }

    @Test("takes as many references as its model, and no more", arguments: [10, 11])
    func limit(count: Int) throws {
        let bench = SiteBench()
        let uri = try bench.picture()
        let one: JSONValue = [
            "name": "byte_edit", "image_uri_list": [.string(uri)], "image_list": [SiteBench.image(uri)], "strength": 1,
        ]
        let body = try bench.blend([
            (Self.blend + "ability_list", .array(Array(repeating: one, count: count))),
            (
                Self.blend + "prompt_placeholder_info_list",
                .array((0..<Int64(count)).map { ["ability_index": .integer($0)] })
            ),
            (Self.blend + "core_param/prompt", .string(String(repeating: "##", count: count) + "all")),
        ])
        #expect(SiteBench.ret(try bench.json(.generate, body: body)) == (count == 10 ? 0 : 1000))
    }

    @Test("is drawn without the marks of its prompt")
    func drawing() throws {
        let order = SandboxOrder(
            region: .cn, work: .blend(references: 2), modelKey: "", modelName: "", prompt: "####a cat in the room",
            width: 1,
            height: 1,
            resolution: "2k", count: 1, seed: 0, draftVersion: "", submitID: "")
        #expect(order.drawnPrompt == "a cat in the room")
    }
}
