import SiteWire
import Testing
import WireJSON

@testable import SiteSandbox

/// The requests this program builds, judged by the strict sandbox.
@Suite("Our own client")
struct ClientContractTests {
    private let bench = SiteBench()

    /// The request as it arrives.
    private func call(_ request: SiteRequest) throws -> SiteCall {
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.lowercased()] = field.value }
        var query: [String: String] = [:]
        for field in request.query { query[field.name] = field.value }
        return SiteCall(
            endpoint: try #require(SandboxEndpoint(rawValue: request.path)), path: request.path, query: query,
            headers: headers, authority: "127.0.0.1:1", body: request.body ?? [])
    }

    private func caller(_ region: SiteRegion) throws -> SiteCaller {
        let session = try #require(SiteSession(id: "sandbox-fast", webID: SiteSession.webID(random: 7)))
        return SiteCaller(region: region, session: session)
    }

    @Test("asks for everything in a way the site accepts", arguments: SiteRegion.allCases)
    func reads(region: SiteRegion) throws {
        let caller = try caller(region)
        let now = bench.now / 1_000
        let requests = [
            caller.credit(at: now), caller.ledger(at: now), caller.userInfo(at: now), caller.imageCatalogue(at: now),
            caller.videoCatalogue(at: now), caller.claimCredits(at: now), caller.images(byURI: ["x"], at: now),
            caller.priceBook(at: now), caller.benefits(at: now), caller.history(submitIDs: ["x"], at: now),
            caller.history(historyIDs: ["1"], at: now),
        ]
        for request in requests {
            let answer = try bench.json(try call(request))
            #expect(SiteBench.ret(answer) == 0, "\(request.path)")
        }
        #expect(bench.site.statistics.violations == [])
    }

    @Test("submits in a way the site accepts", arguments: SiteRegion.allCases)
    func submissions(region: SiteRegion) throws {
        let caller = try caller(region)
        let model = try #require(SiteCatalogue.imageModel(named: "jimeng-4.5"))
        for variant in 0..<4 {
            let dimensions = try #require(
                model.dimensions(ratio: .landscape16x9, resolution: variant == 0 ? .fourK : .twoK, region: region))
            let draft = TextToImageDraft(
                modelKey: try #require(model.upstreamKeys[region]), prompt: "画3张连续的猫", seed: UInt32.max,
                sampleStrength: variant == 1 ? 1 : 0.5, dimensions: dimensions, intelligentRatio: variant == 2,
                count: variant == 1 ? 2 : nil, isSeries: variant == 3)
            let id = bench.nextID()
            let body = draft.submission(
                submitID: id, ids: DraftIDs(next: bench.nextID), region: region, versions: caller.versions,
                unixMilliseconds: bench.now)
            let request = caller.generate(body: body, media: .image, at: bench.now / 1_000)
            #expect(SiteBench.ret(try bench.json(try call(request))) == 0)
            let seen = try bench.json(try call(caller.history(submitIDs: [id], at: bench.now / 1_000)))
            let items = seen["data"]?[id]?["item_list"]?.array
            #expect(items?.count == [4, 2, 4, 3][variant])
            #expect(items?.first?["image"]?["large_images"]?[0]?["image_url"]?.string?.isEmpty == false)
        }
        #expect(bench.site.statistics.violations == [])
    }

    // MARK: - Inputs, edits, videos

    private func storageCall(_ request: SiteRequest) -> StorageCall {
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.lowercased()] = field.value }
        return StorageCall(
            method: request.method.rawValue,
            rawQuery: request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&"), headers: headers,
            authority: "127.0.0.1:1", body: request.body ?? [])
    }

    private func open(_ answer: StorageAnswer, step: UploadFault.Step) throws -> UploadAnswer {
        try UploadAnswer.open(status: answer.status, body: answer.body.serialized(), step: step)
    }

    /// Sends a file up with this program's own requests.
    private func upload(_ bytes: [UInt8], _ kind: UploadKind, by caller: SiteCaller) throws -> UploadAnswer {
        let now = bench.now / 1_000
        let token = try bench.json(try call(caller.uploadToken(for: kind, at: now)))
        let envelope = try SiteEnvelope.open(status: 200, body: token.serialized(), context: .upload)
        let uploads = UploadCaller(region: caller.region, credentials: try UploadCredentials(envelope))
        let applied = bench.site.storage(
            storageCall(
                uploads.apply(kind, byteCount: Int64(bytes.count), nonce: UploadCaller.nonce(random: 5), at: now)))
        let answer = try open(applied, step: .apply)
        let address =
            kind == .image
            ? try UploadAddress.image(answer) : try #require(try UploadAddress.media(answer).first)
        var crc = CRC32()
        bytes.withUnsafeBytes { crc.add($0) }
        let raw = uploads.store(address, crc32: crc.value)
        var headers: [String: String] = [:]
        for field in raw.headers { headers[field.name.lowercased()] = field.value }
        let head = SiteState.RawUploadHead(
            storeURI: String(raw.path.dropFirst("/upload/v1/".count)), hasQuery: false, headers: headers)
        var digest = UploadDigest()
        bytes.withUnsafeBytes { digest.add($0) }
        let stored = bench.site.closeUpload(try bench.site.openUpload(head).get(), facts: digest.facts)
        try StoreReply.check(status: stored.status, body: stored.body.serialized(), announced: crc.value)
        return try open(bench.site.storage(storageCall(uploads.commit(address, at: now))), step: .commit)
    }

    private func submit(
        by caller: SiteCaller, media: SiteMedia = .image, _ submission: (String, () -> String) -> [UInt8]
    ) throws -> JSONValue {
        let id = bench.nextID()
        let body = submission(id, bench.nextID)
        let answer = try bench.json(try call(caller.generate(body: body, media: media, at: bench.now / 1_000)))
        #expect(SiteBench.ret(answer) == 0)
        bench.advance(seconds: 60)
        let seen = try bench.json(try call(caller.history(submitIDs: [id], at: bench.now / 1_000)))
        return try #require(seen["data"]?[id])
    }

    @Test("sends inputs up and uses them in a way the site accepts", arguments: SiteRegion.allCases)
    func inputs(region: SiteRegion) throws {
        let caller = try caller(region)
        let image = try CommittedImage(try upload(SampleFiles.png(width: 2_048, height: 2_048), .image, by: caller))
        let reference = ImageReference(uri: image.uri, width: image.width ?? 0, height: image.height ?? 0)
        #expect(image.width == 2_048)
        let now = bench.now / 1_000
        if region.profile.checksPictures {
            #expect(SiteBench.ret(try bench.json(try call(caller.checkPicture(uri: image.uri, at: now)))) == 0)
        }
        #expect(try bench.json(try call(caller.submitAudit(imageURIs: [image.uri], at: now)))["ret"]?.string == "")
        let model = try #require(SiteCatalogue.imageModel(named: "jimeng-4.5"))
        let key = try #require(model.upstreamKeys[region])
        let dimensions = try #require(model.dimensions(ratio: .square, resolution: .twoK, region: region))
        for count in 1...3 {
            let draft = BlendDraft(
                modelKey: key, prompt: "# put the cat into the room",
                references: Array(repeating: reference, count: count),
                dimensions: dimensions, count: count == 2 ? 1 : nil)
            let record = try submit(by: caller) { id, newID in
                draft.submission(
                    submitID: id, newID: newID, region: region, versions: caller.versions, unixMilliseconds: bench.now)
            }
            #expect(record["item_list"]?.array?.count == (count == 2 ? 1 : 4))
        }
        let tools: [PostEditDraft.Tool] = [
            .upscale, .smartUpscale(resolution: .twoK, originalStrength: 0.6, detailStrength: 0.6),
            .outpaint(top: 0.5, bottom: 0, left: 0.2, right: 0.2), .detailRepair,
        ]
        let first = try submit(by: caller) { id, newID in
            TextToImageDraft(
                modelKey: key, prompt: "a cat", seed: 1, sampleStrength: 0.5, dimensions: dimensions,
                intelligentRatio: false, count: nil, isSeries: false
            ).submission(
                submitID: id, ids: DraftIDs(next: newID), region: region, versions: caller.versions,
                unixMilliseconds: bench.now)
        }
        let own = try #require(
            PostEditDraft.Source(
                itemID: first["item_list"]?[1]?["common_attr"]?["id"]?.string ?? "",
                historyID: first["history_record_id"]?.string ?? ""))
        for tool in tools {
            for source in [own, .upload(reference)] where tool != .detailRepair || source == own {
                let record = try submit(by: caller) { id, newID in
                    PostEditDraft(tool: tool, source: source).submission(
                        submitID: id, newID: newID, region: region, versions: caller.versions,
                        unixMilliseconds: bench.now)
                }
                #expect(record["status"]?.int == 50)
            }
        }
        #expect(bench.site.statistics.violations == [])
    }

    @Test("submits videos in a way the site accepts", arguments: SiteRegion.allCases)
    func videos(region: SiteRegion) throws {
        let caller = try caller(region)
        let image = try CommittedImage(try upload(SampleFiles.png(), .image, by: caller))
        let reference = ImageReference(uri: image.uri, width: 640, height: 480)
        let film = try CommittedMedia(try upload(try SampleFiles.mp4(milliseconds: 4_500), .media, by: caller))
        let sound = try CommittedMedia(try upload(SampleFiles.wav(milliseconds: 3_000), .media, by: caller))
        let references = VideoDraft.Input.references(
            [
                .image(reference), .video(vid: film.vid, width: 640, height: 360, durationMilliseconds: 4_500),
                .audio(vid: sound.vid, durationMilliseconds: 3_000, name: "voice.wav"),
            ], pieces: [.material(0), .text(" dances like "), .material(1), .text(" to "), .material(2)])
        for model in SiteCatalogue.videoModels where model.status == .current {
            guard let key = model.upstreamKeys[region], !model.offlineRegions.contains(region) else { continue }
            var inputs = [VideoDraft.Input.text]
            if model.supportsFirstFrame { inputs.append(.frames(first: reference, last: nil)) }
            if model.supportsLastFrame { inputs.append(.frames(first: reference, last: reference)) }
            if model.supportsOmniReference { inputs.append(references) }
            for input in inputs {
                let draft = VideoDraft(
                    modelKey: key, prompt: "a cat walks", ratio: "16:9", resolution: model.resolutions.first,
                    seconds: model.defaultDuration, seed: 7, input: input,
                    benefitType: model.benefitTypes.values.first?.first ?? "benefit")
                let record = try submit(by: caller, media: .video) { id, newID in
                    draft.submission(
                        submitID: id, newID: newID, region: region, versions: caller.versions,
                        unixMilliseconds: bench.now)
                }
                #expect(record["status"]?.int == 50, "\(model.id)")
                let item = record["item_list"]?[0]
                let itemID = item?["common_attr"]?["id"]?.string ?? ""
                let now = bench.now / 1_000
                #expect(SiteBench.ret(try bench.json(try call(caller.localItems(ids: [itemID], at: now)))) == 0)
            }
        }
        #expect(bench.site.statistics.violations == [])
    }
}
