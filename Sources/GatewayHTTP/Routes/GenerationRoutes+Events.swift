import GatewayCore
import HTTPTypes
import Hummingbird
import WireJSON

/// `GET /v1/generations/{id}/events`: a generation's changes as server-sent events (endpoints.md section 13.2).
extension GenerationRoutes {
    private static let keepAliveTick = Duration.seconds(10)
    /// A stream ends after this at the latest; browsers open it again by themselves and go on where it stopped.
    private static let longestStream = Duration.seconds(3600)

    func events(of job: Job, _ request: Request, _ context: GatewayRequestContext) -> Response {
        let known = request.headers[.lastEventID]
        // Nothing will follow what the client has: this status ends its attempts.
        if job.state.isTerminal, known == GenerationEvent.id(of: job) { return Response(status: .noContent) }
        let feed = JobFeed(generations: services.generations, time: services.time, channel: context.channel)
        let limit = services.time.now + Self.longestStream
        let view = RecordView(request, context, links: description.links)
        let body = ResponseBody { writer in
            var told = known
            var last: Job?
            try await feed.follow(job.id, tick: Self.keepAliveTick, until: limit) { event in
                switch event {
                case .changed(let change):
                    let newer = change.state.isTerminal ? try await settled(change, context) : change
                    let id = GenerationEvent.id(of: newer)
                    if id != told {
                        told = id
                        let record = description.record(of: newer, view, now: services.time.now)
                        try await writer.write(GenerationEvent.text(of: newer, after: last, id: id, record: record))
                    }
                    last = newer
                    return !newer.state.isTerminal
                case .tick:
                    try await writer.write(GenerationEvent.keepAlive)
                    return true
                case .expired, .interrupted(.draining): return false
                case .interrupted(.clientGone): throw WaitInterruption.clientGone
                }
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache", .xAccelBuffering: "no",
                .xGenerationID: job.id.rawValue,
            ], body: body)
    }
}

/// What a generation's record looks like to one client.
struct RecordView: Sendable {
    let origin: String
    let requestID: String
    let acceptLanguage: String?

    init(_ request: Request, _ context: GatewayRequestContext, links: MediaLinks) {
        origin = links.origin(of: request)
        requestID = context.requestID
        acceptLanguage = request.headers[.acceptLanguage]
    }
}

extension JobDescription {
    func record(of job: Job, _ view: RecordView, now: Timestamp) -> JSONValue {
        record(
            of: job, origin: view.origin, requestID: view.requestID, acceptLanguage: view.acceptLanguage, now: now)
    }
}

/// One event of a generation.
enum GenerationEvent {
    static let keepAlive = ByteBuffer(string: ": keep-alive\n\n")

    /// The same for states that look the same; a client that says it has seen it is not told again.
    static func id(of job: Job) -> String {
        // What is kept of an ended generation goes on changing; that is no news.
        job.state.isTerminal
            ? job.state.rawValue
            : "\(job.state.rawValue).\(job.revision).\(job.progress.percent).\(job.progress.queuePosition ?? 0)"
    }

    static func text(of job: Job, after last: Job?, id: String, record: JSONValue) -> ByteBuffer {
        ByteBuffer(string: "event: \(name(of: job, after: last))\nid: \(id)\ndata: \(record.serializedString())\n\n")
    }

    private static func name(of job: Job, after last: Job?) -> String {
        switch job.state {
        case .succeeded, .partial, .failed, .canceled: "generation.\(job.state.rawValue)"
        case .queued, .preparing, .submitting, .unknown, .running:
            last?.state == job.state ? "generation.progress" : "generation.status"
        }
    }
}
