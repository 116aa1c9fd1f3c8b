import GatewayCore
import NIOCore

/// Makes the answers of the endpoints for pictures from a finished generation.
struct PictureAnswers: Sendable {
    /// What a request wants of its answer.
    struct Wish: Sendable {
        /// nil for tools.
        var endpoint: ImageEndpoint?
        var format: ImageResponseFormat
        var outputFormat: PictureFormat?
        /// 0...100.
        var compression: Int?
        /// At most so many pictures; nil = all.
        var count: Int?
        var asEvents = false
        /// `http://host:port` for links to here.
        var origin: String
    }

    let delivery: PictureDelivery
    let description: JobDescription
    let time: any TimeSource

    /// - Throws: ``GenerationFault`` `result_download_failed`.
    func answer(to placed: GenerationExchange.Placed, _ wish: Wish) async throws -> FinishedAnswer {
        let job = placed.job
        let pictures = try await delivery.pictures(
            of: job,
            PictureDelivery.Wish(
                needsBytes: wish.format == .base64 || wish.asEvents, format: wish.outputFormat,
                quality: max(1, wish.compression ?? 90), count: wish.count, origin: wish.origin))
        let notices =
            job.notices
            + PictureAnswer.notices(for: job, model: placed.model, pictures: pictures) + placed.notices
        let now = time.now
        let answer = PictureAnswer(
            job: job, pictures: pictures, format: wish.format, notices: notices,
            extensionObject: description.extensionObject(of: job, pictures: pictures, notices: notices, now: now),
            created: now, isComposition: wish.endpoint == .compositions || wish.endpoint == .edits)
        let events = pictures.indices.map { index -> @Sendable () -> ByteBuffer in
            {
                PictureEvents.completed(
                    pictures[index], of: job,
                    family: wish.endpoint == .edits ? "image_edit" : "image_generation",
                    pictures: index == pictures.count - 1 ? pictures.count : nil, withURL: wish.format == .url,
                    at: now)
            }
        }
        return FinishedAnswer(
            headers: FinishedAnswer.headers(for: job, notices: notices), body: .whole { answer.body() },
            events: wish.asEvents ? events : [])
    }
}
