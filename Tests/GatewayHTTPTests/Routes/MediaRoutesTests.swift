import GatewayCore
import GatewayTesting
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("Links to kept files", .timeLimit(.minutes(10)))
struct MediaRoutesTests {
    private struct Kept {
        let gateway: Gateway
        let stored: StoredMedia
    }

    private func kept(
        converter: (any PictureConverter)? = nil, _ configure: (inout HTTPConfiguration) -> Void = { _ in }
    ) async throws -> Kept {
        let media = MemoryMedia()
        let stored = try await media.keep(ByteChunks(FakeGenerations.webp), limit: 1000, now: .sample)
        let gateway = Gateway(
            converter: converter, media: media,
            generations: { FakeGenerations(time: $0) { $0.finish(1, stored: [stored]) } }, configure)
        return Kept(gateway: gateway, stored: stored)
    }

    private func path(_ link: String, after origin: String) throws -> String {
        try #require(link.hasPrefix(origin))
        return String(link.dropFirst(origin.count))
    }

    @Test("the site's link comes with one to the copy that works without a key")
    func archived() async throws {
        let kept = try await kept()
        let item = try #require(try await kept.gateway.generate().json["data"]?[0])
        #expect(item["url"]?.string == RemoteOutput.sample(1).url)
        let path = try path(try #require(item["archived_url"]?.string), after: "http://localhost")
        let file = try await kept.gateway.send(.get, path, token: "wrong;key")
        #expect(file.status == 200)
        #expect(file["content-type"] == "image/webp")
        #expect(file["cache-control"] == "public, max-age=31536000, immutable")
        #expect(file["content-disposition"] == "inline")
        #expect(file["access-control-allow-origin"] == "*")
        #expect(file["etag"] == "\"\(kept.stored.sha256.prefix(40))\"")
        let head = try await kept.gateway.send(.head, path, token: nil)
        #expect(head["content-length"] == "\(FakeGenerations.webp.count)")
        #expect(head.text.isEmpty)
    }

    @Test("answers lead here when they are told to")
    func modes() async throws {
        let local = try await kept { $0.mediaLinks = .local }.gateway.generate()
        #expect(local.json["data"]?[0]?["url"]?.string?.hasPrefix("http://localhost/media/media_") == true)
        #expect(local.json["data"]?[0]?["archived_url"] == nil)
        let base = try await kept { $0.publicBaseURL = "https://p.example" }.gateway.generate()
        #expect(base.json["data"]?[0]?["url"]?.string?.hasPrefix("https://p.example/media/media_") == true)
        let upstream = try await kept {
            $0.publicBaseURL = "https://p.example"
            $0.mediaLinks = .upstream
        }.gateway.generate()
        #expect(upstream.json["data"]?[0]?["url"]?.string == RemoteOutput.sample(1).url)
    }

    @Test("forwarded hosts count only when trusted")
    func forwarded() async throws {
        let headers: HTTPFields = [.xForwardedProto: "https", .xForwardedHost: "public.example"]
        let untrusted = try await kept { $0.mediaLinks = .local }.gateway.generate(headers: headers)
        #expect(untrusted.json["data"]?[0]?["url"]?.string?.hasPrefix("http://localhost/") == true)
        let trusted = try await kept {
            $0.mediaLinks = .local
            $0.trustsForwardedHeaders = true
        }.gateway.generate(headers: headers)
        #expect(trusted.json["data"]?[0]?["url"]?.string?.hasPrefix("https://public.example/") == true)
    }

    @Test("a link that leads here is to the converted file")
    func convertedLink() async throws {
        let kept = try await kept(converter: FakeConverter()) { $0.mediaLinks = .local }
        let answer = try await kept.gateway.generate(#"{"prompt":"p","output_format":"png"}"#)
        #expect(answer.json["output_format"] == "png")
        let link = try #require(answer.json["data"]?[0]?["url"]?.string)
        let file = try await kept.gateway.send(.get, try path(link, after: "http://localhost"), token: nil)
        #expect(file["content-type"] == "image/png")
        #expect(answer["x-jimeng-notice"] == nil)
    }

    @Test("links that were not made here, or have ended, lead nowhere")
    func badLinks() async throws {
        let kept = try await kept()
        let id = kept.stored.id.rawValue
        let links = MediaLinks(vault: TestVault(), mode: .local, publicBaseURL: nil)
        let good = String(links.link(to: kept.stored, origin: "").drop { $0 != "=" }.dropFirst())
        let signature = String(good.suffix(32))
        for path in [
            "/media/\(id).webp", "/media/\(id).webp?e=0&s=", "/media/\(id).webp?e=0&s=\(signature.dropLast())",
            "/media/\(id).webp?e=1&s=\(signature)", "/media/\(id).png?e=0&s=\(signature)",
            "/media/\(id)?e=0&s=\(signature)",
            "/media/..%2F\(id).webp?e=0&s=\(signature)", "/media/x.webp?e=0&s=0",
            "/media/\(id).WEBP?e=0&s=\(signature)",
        ] {
            let answer = try await kept.gateway.send(.get, path, token: nil)
            #expect(answer.status == 404, "\(path)")
            #expect(answer.code == "media_not_found", "\(path)")
        }
        #expect(
            try await kept.gateway.send(.get, "/media/\(id).webp?e=0&s=\(signature)", token: nil).status == 200)
    }

    @Test("links end when they say so")
    func expiry() {
        let vault = TestVault()
        let links = MediaLinks(vault: vault, mode: .local, publicBaseURL: nil)
        let id = MediaID(rawValue: "media_000000000000000000000")
        let signature = String(vault.fingerprint(["media", id.rawValue, "1790000000"]).prefix(32))
        #expect(links.isValid(id, expiry: "1790000000", signature: signature, now: .sample))
        #expect(!links.isValid(id, expiry: "1790000000", signature: signature, now: .sample + .seconds(1)))
        #expect(!links.isValid(id, expiry: "1790000001", signature: signature, now: .sample))
    }

    @Test("parts and known copies are answered as such")
    func conditional() async throws {
        let kept = try await kept()
        let size = FakeGenerations.webp.count
        let link = MediaLinks(vault: TestVault(), mode: .local, publicBaseURL: nil)
            .link(to: kept.stored, origin: "")
        let tag = "\"\(kept.stored.sha256.prefix(40))\""
        let cases: [(HTTPFields, Int, String)] = [
            ([.range: "bytes=-7"], 206, "picture"), ([.range: "bytes=0-3"], 206, "RIFF"),
            ([.range: "bytes=\(size)-"], 416, ""), ([.range: "bytes=0-3", .ifRange: "\"other\""], 200, "*"),
            ([.range: "bytes=0-3", .ifRange: tag], 206, "RIFF"), ([.ifNoneMatch: tag], 304, ""),
            ([.range: "bytes=0-3", .ifRange: "W/\(tag)"], 200, "*"),
            ([.range: "bytes=0-3", .ifRange: "Wed, 21 Oct 2026 07:28:00 GMT"], 200, "*"),
            ([.ifNoneMatch: "\"a\", W/\(tag)"], 304, ""), ([.ifNoneMatch: "*"], 304, ""),
            ([.ifNoneMatch: "\"x\(tag.dropFirst())"], 200, "*"),
        ]
        for (headers, status, text) in cases {
            let answer = try await kept.gateway.send(.get, link, token: nil, headers: headers)
            #expect(answer.status == status)
            if text != "*" { #expect(answer.text == text) }
        }
        let unsatisfiable = try await kept.gateway.send(.get, link, token: nil, headers: [.range: "bytes=999-"])
        #expect(unsatisfiable["content-range"] == "bytes */\(size)")
    }

    @Test("previews are served under the signature of their file, by name and by variant")
    func previews() async throws {
        let kept = try await kept()
        let links = MediaLinks(vault: TestVault(), mode: .local, publicBaseURL: nil)
        let key = MediaKey(kept.stored.id, .thumbnail, fileExtension: "webp")
        let original = links.link(to: kept.stored, origin: "")
        #expect(try await kept.gateway.send(.get, original + "&variant=thumbnail", token: nil).status == 404)
        try await kept.gateway.media.keep(FakeGenerations.webp + [1], as: key)
        for path in [links.link(to: key, origin: ""), original + "&variant=thumbnail"] {
            let file = try await kept.gateway.send(.get, path, token: nil)
            #expect(file.status == 200, "\(path)")
            #expect(file["content-length"] == "\(FakeGenerations.webp.count + 1)")
            #expect(file["etag"]?.contains("-thumbnail-") == true)
            #expect(file["cache-control"] == "public, max-age=31536000, immutable")
        }
        #expect(try await kept.gateway.send(.get, original + "&variant=q90", token: nil).code == "invalid_value")
        #expect(try await kept.gateway.send(.get, original + "&variant=poster", token: nil).status == 404)
    }

    @Test("a conversion that was kept is not made again")
    func keptConversion() async throws {
        let converter = FakeConverter()
        let kept = try await kept(converter: converter) { $0.mediaLinks = .local }
        let made = MediaKey(kept.stored.id, .converted(quality: 100), fileExtension: "png")
        let first = try await kept.gateway.generate(#"{"prompt":"p","output_format":"png"}"#)
        #expect(kept.gateway.media.keys.contains(made))
        try await kept.gateway.media.keep([0x89, 0x50, 0x4E, 0x47, 1], as: made)
        let second = try await kept.gateway.generate(#"{"prompt":"p","output_format":"png"}"#)
        #expect(first.json["data"]?[0]?["url"] == second.json["data"]?[0]?["url"])
        let embedded = try await kept.gateway.generate(
            #"{"prompt":"p","output_format":"png","response_format":"b64_json"}"#)
        #expect(embedded.json["data"]?[0]?["b64_json"] == "iVBORwE=")
    }

    @Test("while the store does not answer, results come from the site, and links to copies say when to come again")
    func storeDown() async throws {
        let kept = try await kept()
        let link = MediaLinks(vault: TestVault(), mode: .local, publicBaseURL: nil)
            .link(to: kept.stored, origin: "")
        let made = try await kept.gateway.generate(#"{"prompt":"p"}"#)
        let id = try #require(made.json["jimeng"]?["generation_id"]?.string)
        let usual = try await kept.gateway.send(.get, "/v1/generations/\(id)/content/0")
        #expect(usual.status == 200 && usual["etag"] != nil)
        kept.gateway.media.fail(with: MediaFault(.unavailable), alsoFinding: true)
        let answer = try await kept.gateway.send(.get, "/v1/generations/\(id)/content/0")
        #expect(answer.status == 200)
        #expect(answer["cache-control"] == "no-store")
        let copy = try await kept.gateway.send(.get, link, token: nil)
        #expect(copy.status == 503)
        #expect(copy.code == "storage_unavailable")
        #expect(copy["retry-after"] != nil)
    }

    @Test("a conversion that can't be kept leaves the picture as it is")
    func conversionNotKept() async throws {
        let kept = try await kept(converter: FakeConverter()) { $0.mediaLinks = .local }
        kept.gateway.media.fail(with: MediaFault(.unavailable))
        let answer = try await kept.gateway.generate(#"{"prompt":"p","output_format":"png"}"#)
        #expect(answer.status == 200)
        #expect(answer.json["output_format"] == "webp")
        #expect(answer.json["data"]?[0]?["url"]?.string?.contains("\(kept.stored.id).webp") == true)
    }
}
