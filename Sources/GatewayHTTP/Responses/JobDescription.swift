import GatewayCore
import WireJSON

/// How a generation appears in answers.
struct JobDescription: Sendable {
    let links: MediaLinks
    let errors: ErrorResponder
    var balances = BalanceBook()
    /// How long results are kept; nil = for ever.
    var mediaMaximumAge: Duration?

    /// The extension object of a finished answer (endpoints.md section 1).
    func extensionObject(of job: Job, pictures: [DeliveredPicture], notices: [String], now: Timestamp) -> JSONValue {
        let size = pictures.first?.size ?? job.task.size
        return [
            "generation_id": .string(job.id.rawValue), "model": .string(job.task.model),
            "region": .optional(job.region?.rawValue), "account": .optional(job.account?.rawValue),
            "ratio": .optional(job.task.ratio), "resolution": .optional(job.task.resolution),
            "width": .optional(size?.width), "height": .optional(size?.height),
            "duration": .optional(Self.seconds(of: job)),
            "history_id": .optional(job.historyID), "credits_quoted": .optional(job.quotedCredits),
            "credits_used": .optional(job.creditsUsed),
            "credits_remaining": .optional(job.account.flatMap { balances[$0]?.credits }),
            "elapsed_ms": .integer(((job.completedAt ?? now) - job.createdAt).wholeMilliseconds),
            "notices": .strings(notices),
        ]
    }

    /// The record of `/v1/generations/{id}` (section 13.2).
    func record(of job: Job, origin: String, requestID: String, acceptLanguage: String?, now: Timestamp) -> JSONValue {
        let data = job.outputs.map { output -> JSONValue in
            var item: JSONObject = [
                "url": .string(links.url(of: output, origin: origin)),
                "size": .optional(PictureDelivery.size(of: output, in: job)?.description),
            ]
            if let archived = links.archivedURL(of: output, origin: origin) { item["archived_url"] = .string(archived) }
            if let thumbnail = links.thumbnailURL(of: output, origin: origin) {
                item["thumbnail_url"] = .string(thumbnail)
            }
            return .object(item)
        }
        let progress = job.progress
        let isDone = job.state == .succeeded || job.state == .partial
        let eta = job.state.isTerminal ? nil : progress.expectedEnd.map { max(0, ($0 - now).wholeMilliseconds / 1000) }
        return [
            "id": .string(job.id.rawValue), "object": "generation", "task_id": .string(job.id.rawValue),
            "kind": .string(job.task.kind.rawValue), "status": .string(job.state.rawValue),
            "progress": .integer(isDone ? 100 : Int64(min(100, max(0, progress.percent)))),
            "queue_position": .optional(job.state.isTerminal ? nil : progress.queuePosition),
            "queue_total": .optional(job.state.isTerminal ? nil : progress.queueLength), "eta_seconds": .optional(eta),
            "model": .string(job.requestedModel), "prompt": .string(job.task.prompt),
            "ratio": .optional(job.task.ratio), "resolution": .optional(job.task.resolution),
            "duration": .optional(Self.seconds(of: job)), "created_at": .integer(job.createdAt.seconds),
            "started_at": .optional(job.startedAt?.seconds), "completed_at": .optional(job.completedAt?.seconds),
            "expires_at": .optional(expiry(of: job)?.seconds), "data": .array(data), "url": data.first?["url"] ?? .null,
            "error": error(of: job, requestID: requestID, acceptLanguage: acceptLanguage),
            "history_id": .optional(job.historyID), "credits_quoted": .optional(job.quotedCredits),
            "credits_used": .optional(job.creditsUsed), "credits_status": .optional(job.costState?.rawValue),
            "notices": .strings(job.notices), "poll_url": .string("/v1/generations/\(job.id.rawValue)"),
            "metadata": .object(
                JSONObject(
                    job.metadata.filter { $0.key != VideoObject.sizeLabel }.sorted { $0.key < $1.key }
                        .map { ($0.key, .string($0.value)) })),
        ]
    }

    /// When the first of its files goes.
    func expiry(of job: Job) -> Timestamp? {
        guard let mediaMaximumAge else { return nil }
        return job.outputs.compactMap { $0.removedAt ?? $0.stored.map { $0.createdAt + mediaMaximumAge } }.min()
    }

    /// Why a terminal generation has nothing to show; nil while it runs or when it has.
    static func failure(of job: Job) -> APIFailure? {
        switch job.state {
        case .failed: APIFailure(job.fault ?? GenerationFault(.internalError), prompt: job.task.prompt, job: job)
        case .canceled: APIFailure(GenerationFault(.generationCanceled), prompt: job.task.prompt, job: job)
        case .succeeded, .partial:
            job.outputs.isEmpty
                ? APIFailure(job.fault ?? GenerationFault(.emptyResult), prompt: job.task.prompt, job: job) : nil
        case .queued, .preparing, .submitting, .unknown, .running: nil
        }
    }

    private func error(of job: Job, requestID: String, acceptLanguage: String?) -> JSONValue {
        guard let failure = Self.failure(of: job) else { return .null }
        return errors.object(for: failure, acceptLanguage: acceptLanguage, requestID: requestID)["error"] ?? .null
    }

    /// The length of a video: of the result when it is known, else as asked.
    static func seconds(of job: Job) -> Int? {
        guard case .video(let task) = job.task else { return nil }
        let real = job.outputs.first?.remote.durationMilliseconds.map { ($0 + 500) / 1000 }
        return real ?? (task.seconds > 0 ? task.seconds : nil)
    }
}
