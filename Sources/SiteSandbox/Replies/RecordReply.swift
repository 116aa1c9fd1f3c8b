import WireJSON

/// A task record as the history and the submission answer it (protocol page `polling.md`, section 3).
struct RecordReply {
    let job: SandboxJob
    let view: JobWalk.View
    /// Seconds, as the site would estimate them.
    let forecast: Int64
    let links: MediaLinks
    /// Whether items carry the URLs of pictures: only when the query said what kind it wants.
    var showsURLs = true
    /// How far the site's clock is ahead, in milliseconds.
    var clockOffset: Int64 = 0

    var json: JSONValue {
        let order = job.order
        let reason = order.isVideo ? view.reason?.ofVideo : view.reason
        let waiting = (view.queueRemaining + 999) / 1_000
        var members: [(String, JSONValue)] = [
            ("generate_type", .integer(order.generateType)),
            ("history_record_id", .string(job.historyID)),
            ("origin_history_record_id", .null),
            ("created_time", .number(Double(job.walk.submittedAt + clockOffset) / 1_000)),
            ("item_list", .array((0..<view.items).map { item($0, isFailed: false) })),
            ("origin_item_list", []),
            ("task", task),
            ("mode", "workbench"),
            ("status", .integer(Int64(view.recordStatus))),
            ("history_group_key", .string(order.prompt)),
            ("submit_id", .string(job.submitID)),
            ("generate_id", .string(ChinaTime.digits(job.walk.submittedAt / 1_000) + job.historyID)),
            (
                "model_info",
                ["model_name": .string(order.modelName), "model_req_key": .string(order.modelKey)]
            ),
            ("forecast_generate_cost", .integer(forecast)),
            ("forecast_queue_cost", .integer(waiting)),
            ("queue_info", queueInfo),
            ("total_image_count", .integer(Int64(order.count))),
            ("finished_image_count", .integer(Int64(view.items))),
            ("image_type", 3),
            ("fail_code", .string(reason?.code ?? "")),
            ("fail_starling_key", .string(reason?.key ?? "")),
            ("fail_starling_message", .string(reason?.message ?? "")),
            ("draft_content", .string(acceptedDraft)),
        ]
        if view.failedItems > 0 {
            let first = view.items
            members.append(
                ("failed_item_list", .array((first..<first + view.failedItems).map { item($0, isFailed: true) })))
        }
        return .object(JSONObject(members))
    }

    private var task: JSONValue {
        [
            "task_id": .string(job.historyID), "submit_id": .string(job.submitID), "aid": 0,
            "status": .integer(Int64(view.taskStatus)),
            "finish_time": .integer((view.finishedAt.map { ($0 + clockOffset + 999) / 1_000 }) ?? 0),
            "history_id": .string(job.historyID), "task_payload": nil, "original_input": nil,
            "req_first_frame_image": nil,
        ]
    }

    var queueInfo: JSONValue {
        [
            "queue_idx": .integer(Int64(view.queueIndex)), "priority": 3,
            "queue_status": .integer(Int64(view.queueStatus)), "queue_length": .integer(Int64(view.queueLength)),
            "polling_config": ["interval_seconds": 30, "timeout_seconds": 86_400],
            "priority_queue_display_threshold": ["waiting_time_threshold": 60, "vip_queuing_time_threshold": 300],
            "debug_info": "{}",
        ]
    }

    /// The count the site settled on, where a client looks for it.
    private var acceptedDraft: String {
        let draft: JSONValue = [
            "type": "draft", "version": .string(job.order.draftVersion),
            "component_list": [
                [
                    "type": .string(job.order.isVideo ? "video_base_component" : "image_base_component"),
                    "abilities": [
                        "gen_option": [
                            "type": "", "gen_count": .integer(Int64(job.order.count)), "generate_all": false,
                        ]
                    ],
                ]
            ],
        ]
        return draft.serializedString()
    }

    private func item(_ index: Int, isFailed: Bool) -> JSONValue {
        let order = job.order
        if case .video(let film) = order.work { return FilmItem(job: job, film: film, links: links).json }
        let uri = links.uri(job: job.number, index: index)
        let id = String(job.itemID(index))
        let hasURL = showsURLs && !isFailed
        func url(_ side: Int) -> JSONValue { hasURL ? .string(links.url(uri: uri, side: side)) : "" }
        let cover = url(360)
        return [
            "common_attr": [
                "id": .string(id), "effect_id": .string(id), "effect_type": 9, "title": "",
                "description": .string(order.prompt), "cover_url": cover, "item_urls": [""], "md5": "",
                "create_time": .integer(job.walk.submittedAt / 1_000), "status": 144,
                "review_info": ["review_status": 0],
                "aspect_ratio": .number(Double(order.width) / Double(order.height)), "publish_source": "",
                "cover_url_map": ["360": cover, "720": url(720), "1080": url(1_080)],
                "local_item_id": .string(id), "cover_uri": .string(uri), "cover_height": .integer(Int64(order.height)),
                "cover_width": .integer(Int64(order.width)), "has_published": false,
            ],
            "author": nil,
            "image": [
                "format": "webp",
                "large_images": isFailed
                    ? []
                    : [
                        [
                            "image_uri": .string(uri), "image_url": url(0), "width": .integer(Int64(order.width)),
                            "height": .integer(Int64(order.height)), "format": "webp",
                        ]
                    ],
            ],
            "aigc_image_params": [
                "generate_type": .integer(order.generateType),
                "text2image_params": [
                    "prompt": .string(order.prompt), "model_config": ["model_req_key": .string(order.modelKey)],
                    "seed": .integer(order.seed),
                ],
            ],
            "gen_result_data": [
                "result_code": .integer(isFailed ? 2_041 : 0),
                "result_msg": .string(isFailed ? "OutputImageRisk" : "Success"),
            ],
            "aigc_draft": ["version": .string(order.draftVersion), "uri": "sandbox"],
        ]
    }
}
