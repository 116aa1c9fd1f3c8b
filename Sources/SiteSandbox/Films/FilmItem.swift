import SiteWire
import WireJSON

/// A finished video as the history and the download list answer it (protocol page `polling.md`, sections 3.2 and 7).
struct FilmItem {
    let job: SandboxJob
    let film: FilmOrder
    let links: MediaLinks
    /// Whether the links lead to the good file; otherwise to the one for looking at.
    var isHighQuality = false

    var json: JSONValue {
        let order = job.order
        let coverURI = links.uri(job: job.number, index: 0)
        let cover = JSONValue.string(links.url(uri: coverURI, side: 360))
        let id = JSONValue.string(String(job.itemID(0)))
        let renditions: JSONValue = ["origin": origin(cover)]
        // Where the files are told depends on the site.
        let isInCommon = ![SiteRegion.cn, .us].contains(order.region)
        var common = JSONObject([
            ("id", id), ("effect_id", id), ("effect_type", 53), ("title", ""), ("description", .string(order.prompt)),
            ("cover_url", cover), ("item_urls", [""]), ("md5", ""),
            ("create_time", .integer(job.walk.submittedAt / 1_000)), ("status", 144),
            ("review_info", ["review_status": 0]),
            ("aspect_ratio", .number(Double(order.width) / Double(order.height))), ("publish_source", ""),
            ("cover_url_map", ["360": cover, "720": .string(links.url(uri: coverURI, side: 720))]),
            ("local_item_id", id), ("cover_uri", .string(coverURI)), ("cover_height", .integer(Int64(order.height))),
            ("cover_width", .integer(Int64(order.width))), ("has_published", false),
        ])
        var video = JSONObject([
            ("video_id", .string(vid)), ("duration", .integer(film.milliseconds / 1_000)),
            ("duration_ms", .integer(film.playedMilliseconds)), ("fps", .integer(Int64(FilmOrder.framesPerSecond))),
            ("has_audio", false), ("cover_url", cover), ("cover_uri", .string(coverURI)), ("origin_video", .null),
        ])
        if isInCommon { common["transcoded_video"] = renditions } else { video["transcoded_video"] = renditions }
        video["video_model"] = "{}"
        return [
            "common_attr": .object(common), "author": nil, "image": nil, "video": .object(video),
            "aigc_image_params": [
                "generate_type": 10,
                "text2video_params": [
                    "prompt": .string(order.prompt), "model_config": ["model_req_key": .string(order.modelKey)],
                    "seed": .integer(order.seed),
                ],
            ],
            "gen_result_data": ["result_code": 0, "result_msg": "Success"],
            "aigc_draft": ["version": .string(order.draftVersion), "uri": "sandbox"],
        ]
    }

    private var vid: String { links.vid(MediaLinks.Place(kind: .film, number: job.number)) }

    private func origin(_ cover: JSONValue) -> JSONValue {
        [
            "vid": .string(vid), "fps": .integer(Int64(FilmOrder.framesPerSecond)),
            "width": .integer(Int64(job.order.width)), "height": .integer(Int64(job.order.height)),
            "duration": .integer(film.playedMilliseconds),
            "video_url": .string(links.filmURL(vid: vid, isHighQuality: isHighQuality)), "cover_url": cover,
            "format": "mp4", "definition": "origin", "md5": "", "size": 0,
        ]
    }
}
