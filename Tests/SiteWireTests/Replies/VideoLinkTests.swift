import SiteWire
import Testing
import WireJSON

/// Where a finished video's URLs are found.
@Suite struct VideoLinkTests {
    private static let item = "7500000000000000099"

    @Test(
        "the download URL is read from either list, else found by its host",
        arguments: [
            ("success", "https://video-hq.example.com/"), ("alternative-key.success", "https://video-hq.example.com/"),
            ("regex-only.success", "https://v26-dreamnia.jimeng.com/0000/00000000/video/tos/cn/example/?a=4066"),
        ])
    func recorded(example: String, start: String) throws {
        let envelope = try SiteEnvelope.open(
            status: 200, body: try Vectors.response("local-item-list.\(example)"), context: .read)
        #expect(LocalItemReply(envelope, itemID: Self.item).url?.hasPrefix(start) == true)
    }

    @Test("a refused call is a fault, to be answered with the preview URL")
    func refused() throws {
        let body = try Vectors.response("local-item-list.error.fail")
        #expect(throws: SiteFault.self) { try SiteEnvelope.open(status: 200, body: body, context: .read) }
    }

    @Test("of several items the one that was asked for is read, whatever its place")
    func byID() throws {
        let reply = LocalItemReply(
            try Fixtures.open([
                "ret": "0",
                "data": [
                    "item_list": [
                        ["common_attr": ["id": "1"], "video": ["play_url": "https://a.example/1"]],
                        ["item_id": 2, "video": ["url": "https://a.example/u", "play_url": "https://a.example/2"]],
                    ]
                ],
            ]), itemID: "2")
        #expect(reply.url == "https://a.example/2")
    }

    struct Search: Sendable {
        var texts: [String]
        var found: String?
    }

    @Test(
        "the search prefers the high-quality hosts and stops at the URL's end",
        arguments: [
            Search(
                texts: [
                    "https://v3-artist.vlabvod.com/p", "https://v9-other.jimeng.com/o",
                    "https://v26-dreamnia.jimeng.com/h",
                ],
                found: "https://v26-dreamnia.jimeng.com/h"),
            Search(
                texts: ["https://v3-artist.vlabvod.com/p", "https://v9-other.jimeng.com/o"],
                found: "https://v9-other.jimeng.com/o"),
            Search(texts: ["https://v3-artist.vlabvod.com/p?a=1 tail"], found: "https://v3-artist.vlabvod.com/p?a=1"),
            Search(
                texts: ["{\"u\":\"https://v1-dreamnia.jimeng.com/x?a=1\\u0026b=2\\n\"}"],
                found: "https://v1-dreamnia.jimeng.com/x?a=1&b=2"),
            Search(texts: ["https://v-x.jimeng.com/a", "https://vx1-y.jimeng.com/a"], found: nil),
            Search(texts: ["https://v1-x.jimeng.com.evil.example/a", "https://v1-x@evil.jimeng.com/"], found: nil),
            Search(texts: ["https://v1-x.jimeng.com", "http://v1-x.jimeng.com/a", "https://v"], found: nil),
        ])
    func search(row: Search) throws {
        let reply = LocalItemReply(
            try Fixtures.open(["ret": "0", "data": ["deep": [["texts": .array(row.texts.map { .string($0) })]]]]),
            itemID: Self.item)
        #expect(reply.url == row.found)
    }

    @Test(
        "fresh URLs by video id are found in any shape",
        arguments: [
            ["ret": "0", "data": ["vid2video": ["v1": ["video_url": "https://a.example/1"]]]],
            ["ret": "0", "vid2video": ["v1": ["play_url": "https://a.example/1"]]],
            ["ret": "0", "data": ["list": [["vid": "v1", "main_url": "https://a.example/1"]]]],
            [
                "ret": "0",
                "data": [
                    "videos": [
                        ["video_id": "v1", "transcoded_video": ["origin": ["video_url": "https://a.example/1"]]]
                    ]
                ],
            ],
        ] as [JSONValue])
    func byVID(body: JSONValue) throws {
        let reply = VideoIDReply(try Fixtures.open(body), asked: ["v1", "v2"])
        #expect(reply.urls == ["v1": "https://a.example/1"])
        #expect(VideoIDReply(try Fixtures.open(body), asked: ["v2"]).urls.isEmpty)
    }
}
