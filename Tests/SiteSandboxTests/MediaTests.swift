import Pictures
import Testing
import WireJSON

@testable import SiteSandbox

@Suite("Pictures of the sandbox", .timeLimit(.minutes(10)))
struct MediaTests {
    /// A finished job's first item.
    private func item(_ bench: SiteBench) throws -> JSONValue {
        let job = try bench.submit()
        bench.advance(seconds: 60)
        return try #require(try bench.record(job.submitID)?["item_list"]?[0])
    }

    private func target(_ url: String) -> String {
        String(url.dropFirst("http://127.0.0.1:5999".count))
    }

    @Test("are drawn at exactly the size asked, and once")
    func exactSize() async throws {
        let calls = Counter()
        let bench = SiteBench(render: { svg, width, height in
            calls.add()
            return try await SiteBench.flat(svg, width, height)
        })
        let item = try item(bench)
        let url = try #require(item["image"]?["large_images"]?[0]?["image_url"]?.string)
        let first = try await bench.site.picture(target: target(url))
        #expect(String(decoding: first, as: UTF8.self).hasPrefix("2048x2048 "))
        #expect(try await bench.site.picture(target: target(url)) == first)
        #expect(calls.count == 1)
        let cover = try #require(item["common_attr"]?["cover_url"]?.string)
        let small = try await bench.site.picture(target: target(cover))
        #expect(String(decoding: small, as: UTF8.self).hasPrefix("360x360 "))
    }

    @Test("are not given to a link that was changed in any place")
    func altered() async throws {
        let bench = SiteBench()
        let url = target(try #require(try item(bench)["image"]?["large_images"]?[0]?["image_url"]?.string))
        for (index, byte) in Array(url.utf8).enumerated() {
            var bytes = Array(url.utf8)
            bytes[index] = byte == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
            await #expect(throws: MediaLinks.Failure.self) {
                try await bench.site.picture(target: String(decoding: bytes, as: UTF8.self))
            }
        }
        for changed in [url + "&a=b", String(url.dropLast()), url.replacing("%3D", with: "="), "/media/", "/media/x?y"]
        {
            await #expect(throws: MediaLinks.Failure.self) { try await bench.site.picture(target: changed) }
        }
    }

    @Test("are not given after the link's end, and a fresh link can be had")
    func expired() async throws {
        let bench = SiteBench { $0.keptFor = .seconds(100 * 86_400) }
        let item = try item(bench)
        let url = target(try #require(item["image"]?["large_images"]?[0]?["image_url"]?.string))
        let uri = try #require(item["image"]?["large_images"]?[0]?["image_uri"]?.string)
        bench.advance(seconds: 24 * 86_400 - 1)
        _ = try await bench.site.picture(target: url)
        bench.advance(seconds: 1)
        await #expect(throws: MediaLinks.Failure.expired) { try await bench.site.picture(target: url) }
        let answer = try bench.json(.imageByURI, body: ["uris": [.string(uri), "tos-cn-i-tb4s082cfz/unknown"]])
        let images = try #require(answer["uri2image"]?.object)
        #expect(images.count == 1)
        let fresh = try #require(images[uri]?["image_url"]?.string)
        #expect(images[uri]?["width"]?.int == 2_048)
        _ = try await bench.site.picture(target: target(fresh))
        #expect(SiteBench.ret(try bench.json(.imageByURI, body: ["image_uri": .string(uri)])) == 1000)
        let foreign = try bench.json(.imageByURI, session: "sandbox-demo-2", body: ["uris": [.string(uri)]])
        #expect(foreign["uri2image"]?.object?.isEmpty == true)
    }

    @Test("are not given to the links of an account whose links have ended, but to fresh ones")
    func endedLinks() async throws {
        let bench = SiteBench()
        let session = "sandbox-link-expired"
        let job = try bench.submit(session: session)
        bench.advance(seconds: 60)
        let item = try #require(try bench.record(job.submitID, session: session)?["item_list"]?[0])
        let picture = try #require(item["image"]?["large_images"]?[0])
        let url = target(try #require(picture["image_url"]?.string))
        await #expect(throws: MediaLinks.Failure.expired) { try await bench.site.picture(target: url) }
        let cover = target(try #require(item["common_attr"]?["cover_url"]?.string))
        _ = try await bench.site.picture(target: cover)
        let uri = try #require(picture["image_uri"]?.string)
        let answer = try bench.json(.imageByURI, session: session, body: ["uris": [.string(uri)]])
        let fresh = try #require(answer["uri2image"]?[uri]?["image_url"]?.string)
        _ = try await bench.site.picture(target: target(fresh))
    }

    @Test("are of one colour where nothing can be drawn", arguments: [PictureError.unavailable(.library), .crashed])
    func plain(error: PictureError) async throws {
        let bench = SiteBench(render: { _, _, _ in throw error })
        let url = try #require(try item(bench)["image"]?["large_images"]?[0]?["image_url"]?.string)
        let header = try #require(PictureHeader(try await bench.site.picture(target: target(url))))
        #expect(header.kind == .webp)
        #expect((header.width, header.height) == (2_048, 2_048))
    }

    @Test("are to be asked for again while the worker is busy")
    func busy() async throws {
        let bench = SiteBench(render: { _, _, _ in throw PictureError.busy })
        let url = try #require(try item(bench)["image"]?["large_images"]?[0]?["image_url"]?.string)
        await #expect(throws: PictureError.busy) { try await bench.site.picture(target: target(url)) }
    }

    @Test("stay within the cache's bound")
    func cache() async throws {
        let shelf = PictureShelf(limit: 10_000) { _, _, _ in [UInt8](repeating: 1, count: 2_000) }
        let sketch = PictureSketch(prompt: "x", index: 0, width: 8, height: 8, note: "")
        for job in 0..<20 {
            _ = try await shelf.picture(
                PictureShelf.Key(place: MediaLinks.Place(number: job), width: 8, height: 8), sketch: sketch)
            #expect(shelf.keptBytes <= 10_000)
        }
        #expect(shelf.keptBytes == 10_000)
    }
}
