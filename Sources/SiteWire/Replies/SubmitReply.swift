import WireJSON

/// The answer to the generate call: the task was accepted. That is no promise that it will succeed.
package struct SubmitReply: Sendable, Hashable {
    /// The site's id of the task. Never empty.
    package var historyID: String
    /// The client's UUID as the site echoes it; nil when it does not.
    package var echoedSubmitID: String?
    /// The task's first state, with forecast and queue.
    package var record: HistoryRecord

    /// Throws a refusal when the answer names no task. A task whose record already says it failed is still a task: the
    /// status rule speaks about it.
    package init(_ envelope: SiteEnvelope, media: SiteMedia) throws(SiteFault) {
        let data = envelope.payload
        guard var record = data["aigc_data"].flatMap({ HistoryRecord($0) }), let id = record.historyID else {
            throw Self.refusal(envelope, media: media)
        }
        if record.queue == nil { record.queue = QueueInfo(data["queue_info"]) }
        record.media = media
        historyID = id
        let task = data["aigc_data"]?["task"]
        echoedSubmitID =
            task?["submit_id"]?.looseText ?? data["aigc_data"]?["submit_id"]?.looseText
            ?? data["submit_id"]?.looseText
        self.record = record
    }

    private static func refusal(_ envelope: SiteEnvelope, media: SiteMedia) -> SiteFault {
        let data = envelope.payload
        let code = data["fail_code"]?.looseText.flatMap { $0 == "0" ? nil : $0 }
        let key = data["fail_starling_key"]?.looseText
        guard code != nil || key != nil else {
            return SiteFault(kind: .invalidResponse, context: .submit, ret: envelope.ret, logID: envelope.logID)
        }
        return SiteFault.refusal(
            SiteFault.Evidence(
                failCode: code, starlingKey: key, texts: [data["fail_starling_message"]?.looseText ?? ""],
                logID: envelope.logID),
            context: .submit, media: media)
    }
}
