import WireJSON

/// What goes wrong with an answer on its way. What was asked for is done nevertheless, unless the mishap happens instead.
enum Mishap: String, Sendable, Hashable, CaseIterable {
    /// HTTP 500, 502, 503 or 504 with a web page.
    case serverError
    /// HTTP 200 with a web page.
    case webPage
    /// The connection is closed without a byte.
    case drop
    /// The connection is closed in the middle of the body.
    case cut
    /// The body comes a byte a second and never ends.
    case drip
    /// The body is larger than anybody should read.
    case flood
    /// Every number comes as text.
    case strings
    /// Whatever can be spared is missing.
    case gaps

    /// What becomes of an answer. `number` chooses among the statuses of server errors.
    func spoil(_ answer: JSONValue, number: UInt64) -> SandboxAnswer {
        switch self {
        case .serverError: .page(status: [500, 502, 503, 504][Int(number % 4)], "Server Error")
        case .webPage: .page(status: 200, "Please wait")
        case .drop: .drop
        case .cut: .cut(answer)
        case .drip: .drip(answer)
        case .flood: .flood
        case .strings: .json(Self.texts(answer))
        case .gaps: .json(Self.sparse(answer))
        }
    }

    // MARK: - Bodies

    private static func texts(_ value: JSONValue) -> JSONValue {
        switch value {
        case .integer(let number): .string(String(number))
        case .number(let number): .string(String(number))
        case .array(let values): .array(values.map(texts))
        case .object(let members): rebuilt(members) { _, value in texts(value) }
        case .null, .bool, .string: value
        }
    }

    /// Members that a client can do without, wherever they stand.
    private static let spare: Set<String> = [
        "errmsg", "systime", "logid", "log_id", "svr_time", "sign",
        // Of a record.
        "origin_history_record_id", "created_time", "origin_item_list", "task", "mode", "history_group_key",
        "generate_id", "model_info", "forecast_generate_cost", "forecast_queue_cost", "queue_info",
        "total_image_count", "finished_image_count", "image_type", "fail_code", "fail_starling_key",
        "fail_starling_message", "draft_content",
        // Of an item.
        "author", "aigc_image_params", "gen_result_data", "aigc_draft", "effect_id", "effect_type", "title",
        "description", "cover_url", "md5", "create_time", "review_info", "aspect_ratio", "publish_source",
        "cover_url_map", "cover_uri", "cover_height", "cover_width", "has_published", "image_uri", "width", "height",
        "format",
        // Of balance and ledger.
        "expiring_credits", "credits_detail", "total_credit", "history_id", "title", "create_time",
    ]

    private static func sparse(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let values): .array(values.map(sparse))
        case .object(let members):
            rebuilt(members) { key, value in
                // A bare nil would be a JSON null.
                spare.contains(key) ? Optional<JSONValue>.none : sparse(value)
            }
        case .null, .bool, .integer, .number, .string: value
        }
    }

    /// Also goes into the payload that the commerce calls carry as text.
    private static func rebuilt(
        _ members: JSONObject, _ change: (_ key: String, _ value: JSONValue) -> JSONValue?
    ) -> JSONValue {
        var kept: [(String, JSONValue)] = []
        for key in members.keys {
            guard let value = members[key] else { continue }
            if key == "response", let text = value.string, let inner = try? JSONValue.parse(Array(text.utf8)),
                let changed = change("", inner)
            {
                kept.append((key, .string(changed.serializedString())))
            } else if let changed = change(key, value) {
                kept.append((key, changed))
            }
        }
        return .object(JSONObject(kept))
    }
}
