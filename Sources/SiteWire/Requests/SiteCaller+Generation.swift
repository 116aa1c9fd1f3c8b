import WireJSON

extension SiteCaller {
    /// Largest number of ids to ask for in one history call; the site's own limit is not known.
    package static let largestBatch = 20

    /// Submits a generation. `body` comes from a draft's `submission(...)`. Must be sent at most once per `submit_id`.
    package func generate(body: [UInt8], media: SiteMedia, at unixSeconds: Int64) -> SiteRequest {
        request(
            .webAPI, "/mweb/v1/aigc_draft/generate", body: body, referer: pageReferer(media), at: unixSeconds)
    }

    /// Asks for the state of many tasks at once, by the ids the client chose, the ids the site gave, or both; prefer one
    /// kind per call and at most `largestBatch` ids. The picture options are always sent (harmless for videos): without
    /// them picture URLs may be missing.
    package func history(
        submitIDs: [String] = [], historyIDs: [String] = [], at unixSeconds: Int64
    ) -> SiteRequest {
        var body: [UInt8] = [UInt8(ascii: "{")]
        for (name, ids) in [("submit_ids", submitIDs), ("history_ids", historyIDs)] where !ids.isEmpty {
            body.append(contentsOf: "\"\(name)\":".utf8)
            JSONValue.array(ids.map { .string($0) }).write(into: &body)
            body.append(UInt8(ascii: ","))
        }
        body.append(contentsOf: "\"image_info\":".utf8)
        body.append(contentsOf: HistoryImageInfo.text)
        body.append(UInt8(ascii: "}"))
        return request(.webAPI, "/mweb/v1/get_history_by_ids", body: body, at: unixSeconds)
    }

    /// Asks the site to stop a task. An accepted call proves nothing: only a later history answer says whether it was
    /// cancelled.
    package func cancel(historyID: String, media: SiteMedia, at unixSeconds: Int64) -> SiteRequest {
        request(
            .webAPI, "/mweb/v1/aigc_draft/cancel_generate", body: bytes(["history_id": .string(historyID)]),
            referer: pageReferer(media), at: unixSeconds)
    }

    /// Fresh signed URLs for stored pictures.
    package func images(byURI uris: [String], at unixSeconds: Int64) -> SiteRequest {
        request(
            .webAPI, "/mweb/v1/get_image_by_uri", body: bytes(["uris": .array(uris.map { .string($0) })]),
            at: unixSeconds)
    }

    /// Fresh signed URLs for stored videos, by their ids.
    package func videos(byID vids: [String], at unixSeconds: Int64) -> SiteRequest {
        request(
            .webAPI, "/mweb/v1/get_video_by_vid", body: bytes(["vids": .array(vids.map { .string($0) })]),
            at: unixSeconds)
    }

    /// The items of finished videos as they are for download, in higher quality than the history has them. One id per
    /// call is what the site's page sends.
    package func localItems(ids: [String], at unixSeconds: Int64) -> SiteRequest {
        request(
            .webAPI, "/mweb/v1/get_local_item_list",
            body: bytes([
                "item_id_list": .array(ids.map { .string($0) }),
                "pack_item_opt": ["scene": 1, "need_data_integrity": true], "is_for_video_download": true,
            ]),
            at: unixSeconds)
    }

    /// The account's image catalogue.
    package func imageCatalogue(at unixSeconds: Int64) -> SiteRequest {
        request(
            .webAPI, "/mweb/v1/get_common_config",
            body: bytes(["is_client_filter": false, "need_beta_model": true]),
            extraQuery: [SiteField("needCache", "true"), SiteField("needRefresh", "false")], at: unixSeconds)
    }

    /// The account's video catalogue.
    package func videoCatalogue(at unixSeconds: Int64) -> SiteRequest {
        request(
            .webAPI, "/mweb/v1/video_generate/get_common_config",
            body: bytes(["scene": "generate_video", "params": ["needCache": true]]), at: unixSeconds)
    }

    /// The page of the site a generation of this kind is started from.
    private func pageReferer(_ media: SiteMedia) -> String {
        "\(region.profile.site)/ai-tool/generate?type=\(media.rawValue)"
    }

    func bytes(_ value: JSONValue) -> [UInt8] { value.serialized() }
}
