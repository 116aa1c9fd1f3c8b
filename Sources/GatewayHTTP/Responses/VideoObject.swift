import GatewayCore
import WireJSON

/// OpenAI's video object (openai-compat.md section 7.2).
struct VideoObject: Sendable {
    /// Where a generation's metadata names the video it was made from.
    static let sourceLabel = "remixed_from_video_id"
    /// Where it keeps the size that was asked for, until there is a file to be measured.
    static let sizeLabel = "jimeng.requested_size"

    let description: JobDescription

    /// The id of the same generation as a video.
    static func id(of generation: GenerationID) -> String { "video_" + generation.rawValue.dropFirst("gen_".count) }

    func object(
        of job: Job, origin: String, requestID: String, acceptLanguage: String?, now: Timestamp
    ) -> JSONValue {
        let id = Self.id(of: job.id)
        let isDone = job.state == .succeeded || job.state == .partial
        let url = isDone ? job.outputs.first.map { description.links.url(of: $0, origin: origin) } : nil
        var labels = JSONObject(job.metadata.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
        let source = job.metadata[Self.sourceLabel]
        for label in [Self.sourceLabel, Self.sizeLabel] { labels[label] = nil }
        if let url { labels["url"] = .string(url) }
        let pictures = job.outputs.map {
            DeliveredPicture(url: "", size: PictureDelivery.size(of: $0, in: job), format: "mp4")
        }
        return [
            "id": .string(id), "object": "video", "model": .string(job.requestedModel),
            "status": .string(job.state.openAIStatus),
            "progress": .integer(isDone ? 100 : Int64(min(100, max(0, job.progress.percent)))),
            "created_at": .integer(job.createdAt.seconds), "completed_at": .optional(job.completedAt?.seconds),
            "expires_at": .optional(description.expiry(of: job)?.seconds), "prompt": .string(job.task.prompt),
            "size": .string(Self.size(of: job)),
            "seconds": .string("\(JobDescription.seconds(of: job) ?? Self.sourceSeconds(of: job))"),
            "remixed_from_video_id": .optional(source),
            "error": error(of: job, requestID: requestID, acceptLanguage: acceptLanguage),
            "task_id": .string(id), "url": .optional(url), "metadata": .object(labels),
            "jimeng": description.extensionObject(of: job, pictures: pictures, notices: job.notices, now: now),
        ]
    }

    /// The milliseconds after which a look is worth it; nil when nothing will change any more.
    static func pollAfter(_ job: Job, wish: String?, now: Timestamp) -> Int? {
        guard !job.state.isTerminal else { return nil }
        if let wish, let milliseconds = Int(wish), (500...60_000).contains(milliseconds) { return milliseconds }
        if let place = job.progress.queuePosition, place > 10 { return 10_000 }
        return now - job.createdAt < .seconds(60) ? 3_000 : 5_000
    }

    private func error(of job: Job, requestID: String, acceptLanguage: String?) -> JSONValue {
        guard let failure = JobDescription.failure(of: job) else { return .null }
        let error = description.errors.object(
            for: failure, acceptLanguage: acceptLanguage, requestID: requestID)["error"]
        let isModeration = error?["type"]?.string == ErrorEntry.Kind.contentPolicy.rawValue
        return [
            "code": isModeration ? "content_policy_violation" : error?["code"] ?? .null,
            "message": error?["message"] ?? .null,
        ]
    }

    // MARK: Size and length

    /// Of the file where it is known, else as asked for, else what ratio and resolution are usually called.
    private static func size(of job: Job) -> String {
        if let output = job.outputs.first, let size = PictureDelivery.size(of: output, in: job) {
            return size.description
        }
        if let asked = job.metadata[sizeLabel] { return asked }
        let ratio = job.task.ratio ?? AspectRatio.square.rawValue
        let (width, height) = nominal[ratio] ?? (960, 960)
        let lines = job.task.resolution.flatMap { $0.hasSuffix("p") ? Int($0.dropLast()) : nil } ?? 720
        let factor = Double(lines) / 720
        func scaled(_ side: Int) -> Int { Int((Double(side) * factor).rounded()) }
        return PixelSize(width: scaled(width), height: scaled(height)).description
    }

    /// At 720p.
    private static let nominal = [
        "1:1": (960, 960), "4:3": (1112, 834), "3:4": (834, 1112), "16:9": (1280, 720), "9:16": (720, 1280),
        "21:9": (1470, 630),
    ]

    /// A video that follows its source is as long as that.
    private static func sourceSeconds(of job: Job) -> Int {
        let milliseconds = job.task.inputs.filter { $0.kind == .video }
            .reduce(0) { $0 + ($1.durationMilliseconds ?? 0) }
        return (milliseconds + 500) / 1000
    }
}
