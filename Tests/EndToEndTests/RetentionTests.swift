import Foundation
import GatewayCore
import SiteSandbox
import Testing
import WireJSON

/// Kept copies go when they are too old or too much, from the folder and from what is told about them; the site still has
/// the results.
@Suite(.timeLimit(.minutes(10))) struct RetentionTests {
    private static let token = "fast"

    /// A result and what the gateway keeps of it.
    private struct Kept: Sendable {
        let id: String
        /// Path and query of the copy and of its small picture.
        let link: String
        let thumbnail: String
        let bytes: [UInt8]

        /// The digits that every name of its files holds.
        var mediaID: String { String(link.dropFirst("/media/".count).prefix { $0 != "." }) }
    }

    /// Runs a generation and waits for its copy and its previews.
    private static func keep(_ path: String, _ body: JSONValue, on api: APIClient) async throws -> Kept {
        let started = try await api.post(path, token: token, body)
        let id = try #require(started.json["id"]?.string, "\(started.json.serializedString())")
        #expect(try await api.end(of: id, token: token)["status"]?.string == "succeeded")
        while true {
            let item = try await record(id, on: api)["data"]?[0]
            guard let link = item?["archived_url"]?.string, let thumbnail = item?["thumbnail_url"]?.string else {
                continue
            }
            let paths = [link, thumbnail].map { URL(string: $0)?.relativeReference ?? $0 }
            let file = try await api.get(paths[0])
            #expect(file.status == 200)
            #expect(try await api.get(paths[1]).status == 200)
            return Kept(id: id, link: paths[0], thumbnail: paths[1], bytes: file.bytes)
        }
    }

    private static func record(_ id: String, on api: APIClient) async throws -> JSONValue {
        try await api.get("/v1/generations/\(id)", token: token).json
    }

    /// Every file below the folder of kept files, as a path from there.
    private static func files(of gateway: TestGateway) throws -> [String] {
        let root = gateway.folder + "/media"
        return try FileManager.default.subpathsOfDirectory(atPath: root).filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isFolder)
                && !isFolder.boolValue
        }
    }

    /// What is told and served of a result whose copy is gone.
    private static func expectGone(_ kept: Kept, on api: APIClient) async throws {
        let record = try await record(kept.id, on: api)
        #expect(record["status"]?.string == "succeeded")
        #expect(record["data"]?[0]?["thumbnail_url"] == nil)
        #expect(record["data"]?[0]?["url"]?.string?.isEmpty == false)
        for path in [kept.link, kept.thumbnail] {
            let answer = try await api.get(path)
            #expect(answer.status == 404)
            #expect(answer.json["error"]?["code"]?.string == "media_not_found")
        }
        let content = try await api.get("/v1/generations/\(kept.id)/content/0", token: token)
        #expect(content.status == 200)
        #expect(content.bytes == kept.bytes)
    }

    @Test func `copies that are too old go with their previews, and the content comes from the site`() async throws {
        try await withSandbox(speed: 100) { site, base in
            let gateway = try TestGateway(upstream: base)
            let kept = try await gateway.run { api in
                [
                    try await Self.keep("/v1/generations", ["prompt": "a fox", "n": 1], on: api),
                    try await Self.keep(
                        "/v1/generations", ["kind": "video", "prompt": "waves", "duration": 5], on: api),
                ]
            }
            let names = try Self.files(of: gateway)
            for result in kept {
                #expect(names.count { $0.contains(result.mediaID) } >= 2, "\(names)")
            }
            let clock = ShiftedTime(by: .seconds(8 * 86_400))
            let start = clock.now.seconds
            let later = try TestGateway(
                folder: gateway.folder, upstream: base, flags: ["media.max_days": "7"], time: clock)
            try await later.run { api in
                for result in kept {
                    var record = try await Self.record(result.id, on: api)
                    while record["data"]?[0]?["archived_url"] != nil {
                        record = try await Self.record(result.id, on: api)
                    }
                    let removedAt = Int64(try #require(record["expires_at"]?.int))
                    #expect((start...clock.now.seconds).contains(removedAt))
                }
                while try !Self.files(of: later).isEmpty { await Task.yield() }
                for result in kept { try await Self.expectGone(result, on: api) }
                #expect(try Self.files(of: later).isEmpty)
            }
            // Nor does the next start copy them again.
            let next = try TestGateway(folder: gateway.folder, upstream: base, time: clock)
            try await next.run { api in
                _ = try await Self.keep("/v1/generations", ["prompt": "a fox", "ratio": "3:4", "n": 1], on: api)
                for result in kept {
                    #expect(try await Self.record(result.id, on: api)["data"]?[0]?["archived_url"] == nil)
                }
            }
            #expect(try Self.files(of: next).allSatisfy { name in !kept.contains { name.contains($0.mediaID) } })
            #expect(site.statistics().violations.isEmpty)
        }
    }

    @Test func `of too many bytes the oldest copy goes with its previews, and the others stay`() async throws {
        try await withSandbox(speed: 100) { _, base in
            let gateway = try TestGateway(upstream: base)
            let kept = try await gateway.run { api in
                var kept: [Kept] = []
                for ratio in ["1:1", "16:9", "9:16"] {
                    kept.append(
                        try await Self.keep(
                            "/v1/generations", ["prompt": "a fox", "ratio": .string(ratio), "n": 1], on: api))
                }
                return kept
            }
            #expect(Set(kept.map(\.mediaID)).count == 3)
            let sizes = try Self.files(of: gateway).map { name in
                let attributes = try FileManager.default.attributesOfItem(atPath: gateway.folder + "/media/" + name)
                return try #require(attributes[.size] as? NSNumber).intValue
            }
            // One byte too much, and the files are no longer of the last hour.
            let later = try TestGateway(
                folder: gateway.folder, upstream: base, flags: ["media.max_bytes": "\(sizes.reduce(-1, +))"],
                time: ShiftedTime(by: .seconds(7_200)))
            try await later.run { api in
                while try await Self.record(kept[0].id, on: api)["data"]?[0]?["archived_url"] != nil {}
                while try Self.files(of: later).contains(where: { $0.contains(kept[0].mediaID) }) {
                    await Task.yield()
                }
                try await Self.expectGone(kept[0], on: api)
                for result in kept.dropFirst() {
                    let item = try await Self.record(result.id, on: api)["data"]?[0]
                    #expect(item?["archived_url"] != nil)
                    #expect(try await api.get(result.link).bytes == result.bytes)
                    #expect(try await api.get(result.thumbnail).status == 200)
                }
                let names = try Self.files(of: later)
                #expect(
                    names.allSatisfy { name in kept.dropFirst().contains { name.contains($0.mediaID) } }, "\(names)")
            }
        }
    }
}
