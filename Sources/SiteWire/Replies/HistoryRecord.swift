import WireJSON

/// A task as the site describes it, in the submit answer and in every history answer. Unknown members are ignored, and
/// every member may be missing.
package struct HistoryRecord: Sendable, Hashable {
    /// At most this many items of one record are looked at.
    static let mostItems = 64

    /// The UUID the client chose.
    package var submitID: String?
    /// The site's own id of the task.
    package var historyID: String?
    package var media: SiteMedia
    /// `status` of the record.
    package var recordStatus: Int?
    /// `task.status` inside it; the two differ in some failures.
    package var taskStatus: Int?
    /// The items with a usable URL, in the site's order.
    package var items: [SiteItem]
    /// Items that the site names as failed and gives no URL of: its review keeps them back.
    package var withheldItemCount: Int
    /// Pictures the site means to make; 0 when it does not say.
    package var totalCount: Int
    /// Pictures it says it has made.
    package var finishedCount: Int
    /// The wanted number as the site echoes it in the accepted draft.
    package var acceptedCount: Int?
    /// Unix seconds, with a fraction.
    package var createdAt: Double?
    /// Unix seconds; nil while the task runs.
    package var finishedAt: Double?
    package var queue: QueueInfo?
    /// The site's estimate of the run time in seconds. Never a price.
    package var forecastGeneration: Double?
    /// The site's estimate of the wait before it, in seconds.
    package var forecastQueue: Double?
    package var modelKey: String?
    /// What the record says about a failure; its words are kept only as hints.
    package var failCode: String?
    package var starlingKey: String?
    package var hints: SiteHints
    /// Any of the failure members has content.
    package var hasFailure: Bool

    init?(_ value: JSONValue) {
        guard value.object != nil else { return nil }
        let task = value["task"]
        submitID = (value["submit_id"]?.looseText ?? task?["submit_id"]?.looseText)
        historyID = (value["history_record_id"]?.looseText ?? task?["history_id"]?.looseText)
        recordStatus = value["status"]?.looseInt
        taskStatus = task?["status"]?.looseInt
        let listed = (value["item_list"]?.array ?? []).prefix(Self.mostItems)
        let isVideo = value["generate_type"]?.looseInt == 10
        items = listed.compactMap { SiteItem($0, isVideo: isVideo) }
        media = isVideo || items.first?.media == .video ? .video : .image
        let failed = listed.filter { item in
            item["gen_result_data"]?["result_code"]?.looseInt ?? 0 != 0 && SiteItem(item, isVideo: isVideo) == nil
        }
        withheldItemCount = failed.count + min(value["failed_item_list"]?.array?.count ?? 0, Self.mostItems)
        totalCount = max(0, value["total_image_count"]?.looseInt ?? 0)
        finishedCount = max(0, value["finished_image_count"]?.looseInt ?? 0)
        acceptedCount = Self.acceptedCount(value["draft_content"])
        createdAt = value["created_time"]?.looseSeconds
        finishedAt = task?["finish_time"]?.looseSeconds.flatMap { $0 > 0 ? $0 : nil }
        queue = QueueInfo(value["queue_info"])
        let forecast = value["forecast_cost_time"]
        forecastGeneration = (value["forecast_generate_cost"] ?? forecast?["forecast_generate_cost"])?.looseSeconds
        forecastQueue = (value["forecast_queue_cost"] ?? forecast?["forecast_queue_cost"])?.looseSeconds
        modelKey = value["model_info"]?["model_req_key"]?.looseText
        failCode = value["fail_code"]?.looseText.flatMap { $0 == "0" ? nil : $0 }
        starlingKey = value["fail_starling_key"]?.looseText
        let said = [value["fail_starling_message"], value["fail_msg"]].compactMap { $0?.looseText }
        hasFailure = failCode != nil || starlingKey != nil || said.contains { $0 != "0" }
        var texts = said
        if let text = task?["resp_ret"]?["errmsg"]?.looseText { texts.append(text) }
        for item in listed {
            guard let result = item["gen_result_data"], result["result_code"]?.looseInt ?? 0 != 0 else { continue }
            if let text = result["result_msg"]?.looseText { texts.append(text) }
        }
        hints = SiteHints(texts: texts + [starlingKey ?? ""])
    }

    /// The fault a failed task amounts to; `otherwise` is its kind when the record gives no reason.
    package func fault(otherwise: SiteFault.Kind? = nil) -> SiteFault {
        SiteFault.failedTask(
            failCode: failCode, starlingKey: starlingKey, hints: hints, media: media, otherwise: otherwise)
    }

    /// `gen_option.gen_count` of the draft echoed as a JSON string; read without parsing the whole draft again.
    private static func acceptedCount(_ draft: JSONValue?) -> Int? {
        guard let text = draft?.string, text.utf8.count <= 262_144,
            let mark = text.firstRange(of: "\"gen_count\":")
        else { return nil }
        let digits = text[mark.upperBound...].drop { $0 == " " }.prefix { $0.isASCII && $0.isNumber }
        return digits.utf8.count <= 3 ? Int(digits) : nil
    }
}
