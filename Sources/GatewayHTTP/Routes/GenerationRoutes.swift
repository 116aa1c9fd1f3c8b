import GatewayCore
import HTTPTypes
import Hummingbird
import Logging
import WireJSON

/// Generations as records of their own (endpoints.md section 13). A caller sees only what it made.
struct GenerationRoutes: Sendable {
    let services: Boxed<GatewayServices>
    let authorization: Authorization
    let description: JobDescription

    /// The longest `?wait=`, in seconds.
    private static let longestWait = 60

    func add(to router: Router<GatewayRequestContext>, _ table: inout RouteTable) {
        table.add(.get, "/v1/generations", to: router) { request, context in try await list(request, context) }
        table.add(.get, "/v1/generations/:id", to: router) { request, context in
            var job = try await ownJob(request, context)
            let wait = try seconds(QueryParameters(request.uri.query)["wait"])
            if wait > 0, !job.state.isTerminal {
                job = try await change(of: job, within: .seconds(wait), channel: context) ?? job
            }
            return record(of: try await settled(job, context), request, context)
        }
        table.add(.get, "/v1/generations/:id/events", to: router) { request, context in
            events(of: try await ownJob(request, context), request, context)
        }
        table.add(.get, "/v1/generations/:id/content/:n", to: router) { request, context in
            try await content(of: try await ownJob(request, context), request, context)
        }
        table.add(.delete, "/v1/generations/:id", to: router) { request, context in
            try await remove(try await ownJob(request, context, for: .cancelGenerations), request, context)
        }
    }

    // MARK: Answers

    func record(
        of job: Job, _ request: Request, _ context: GatewayRequestContext, status: HTTPResponse.Status = .ok
    ) -> Response {
        let value = description.record(
            of: job, origin: description.links.origin(of: request), requestID: context.requestID,
            acceptLanguage: request.headers[.acceptLanguage], now: services.time.now)
        var headers: HTTPFields = [.xGenerationID: job.id.rawValue]
        if !job.state.isTerminal { headers[.retryAfter] = String(Self.nextPoll(of: job, now: services.time.now)) }
        return JSONResponse.make(value, status: status, headers: headers)
    }

    /// Seconds after which a look is worth it.
    private static func nextPoll(of job: Job, now: Timestamp) -> Int64 {
        if let position = job.progress.queuePosition, position > 10 { return 10 }
        guard let end = job.progress.expectedEnd else { return 5 }
        return min(10, max(1, (end - now).wholeMilliseconds / 1000))
    }

    private func content(of job: Job, _ request: Request, _ context: GatewayRequestContext) async throws -> Response {
        guard job.state.isTerminal else {
            throw APIFailure(
                RequestProblem(.generationNotFinished, values: [.status: Self.words(for: job.state)]), job: job)
        }
        let index = context.parameters.get("n").flatMap { Int($0) } ?? -1
        let variant = try Self.variant(QueryParameters(request.uri.query)["variant"], original: [])
        guard variant == .original else {
            return try await preview(variant, of: job, output: index, request, context)
        }
        return try await content(of: job, output: index, disposition: "inline", request, context)
    }

    /// What `?variant=` asks for. `original`: names of the result itself.
    static func variant(_ text: String?, original: [String]) throws(RequestProblem) -> MediaVariant {
        guard let text, !text.isEmpty, !original.contains(text) else { return .original }
        let previews = [MediaVariant.thumbnail, .poster]
        guard let variant = MediaVariant(name: text), previews.contains(variant) else {
            throw .invalidValue("variant", got: text, allowed: original + previews.compactMap(\.name))
        }
        return variant
    }

    /// A picture that stands for a result: what was made here, else the site's own cover while its link lives.
    func preview(
        _ variant: MediaVariant, of job: Job, output index: Int, _ request: Request, _ context: GatewayRequestContext
    ) async throws -> Response {
        guard job.outputs.indices.contains(index) else { throw missing(index, in: job) }
        var headers: HTTPFields = [
            .contentDisposition: "inline", .xGenerationID: job.id.rawValue, .cacheControl: Self.cacheControl,
        ]
        let stored = job.outputs[index].stored
        let key = variant == .poster ? stored?.posterKey ?? stored?.thumbnailKey : stored?.thumbnailKey
        if let key, let answer = try await services.value.kept(key, for: request, headers: headers) { return answer }
        let cover: RemoteFile
        do {
            cover = try await services.generations.cover(of: job, output: index)
        } catch {
            throw APIFailure(RequestProblem(.mediaNotFound), job: job)
        }
        let type = Self.mediaType(cover.mimeType)
        guard type.hasPrefix("image/") else { throw APIFailure(RequestProblem(.mediaNotFound), job: job) }
        headers[.contentType] = type
        headers[.cacheControl] = "no-store"
        headers[.xContentTypeOptions] = "nosniff"
        return Response(
            status: .ok, headers: headers, body: MediaStream.body(cover.body, byteCount: cover.byteCount))
    }

    private func missing(_ index: Int, in job: Job) -> APIFailure {
        APIFailure(RequestProblem(job.outputs.isEmpty ? .contentExpired : .mediaNotFound), job: job)
    }

    /// Of a kept file behind a key: it never changes, and is nobody else's.
    private static let cacheControl = "private, max-age=31536000, immutable"

    /// A file of a terminal generation, from the store or else from the site.
    func content(
        of job: Job, output index: Int, disposition: String, _ request: Request, _ context: GatewayRequestContext
    ) async throws -> Response {
        guard job.outputs.indices.contains(index) else { throw missing(index, in: job) }
        var headers: HTTPFields = [.contentDisposition: disposition, .xGenerationID: job.id.rawValue]
        if let stored = job.outputs[index].stored {
            headers[.cacheControl] = Self.cacheControl
            let answer = try await services.value.kept(stored.key, for: request, headers: headers)
            if let answer { return answer }
        }
        do {
            let file = try await ClientPresence(channel: context.channel).whileWaiting {
                try await ResultFiles(services: services).open(job, output: index)
            }
            headers[.contentType] = Self.mediaType(file.mimeType)
            headers[.cacheControl] = "no-store"
            headers[.xContentTypeOptions] = "nosniff"
            return Self.response(to: request, file: file, headers: headers)
        } catch let interruption as WaitInterruption {
            throw interruption
        } catch {
            services.logger.info(
                "content not available",
                metadata: ["generation.id": "\(job.id)", "request.id": "\(context.requestID)", "error": "\(error)"])
            throw APIFailure(RequestProblem(.contentExpired), job: job)
        }
    }

    /// A file that comes from the site, whole or the range asked for; what lies before it is read and dropped.
    private static func response(to request: Request, file: RemoteFile, headers: HTTPFields) -> Response {
        var headers = headers
        guard let size = file.byteCount, size > 0 else {
            return Response(status: .ok, headers: headers, body: MediaStream.body(file.body, byteCount: file.byteCount))
        }
        headers[.acceptRanges] = "bytes"
        // Without an entity tag no part can be known to belong to what the client has.
        switch ByteRange(request.headers[.ifRange] == nil ? request.headers[.range] : nil, size: size) {
        case .whole: return Response(status: .ok, headers: headers, body: MediaStream.body(file.body, byteCount: size))
        case .part(let part):
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)"
            return Response(
                status: .partialContent, headers: headers,
                body: MediaStream.body(
                    SlicedBody(base: file.body, range: part), byteCount: part.upperBound - part.lowerBound))
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(size)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
    }

    /// Only media types are passed on; a page from elsewhere must not run under this server's name.
    private static func mediaType(_ type: String?) -> String {
        guard let type, ["image/", "video/", "audio/"].contains(where: type.lowercased().hasPrefix),
            !type.lowercased().hasPrefix("image/svg")
        else { return "application/octet-stream" }
        return type
    }

    private func remove(_ job: Job, _ request: Request, _ context: GatewayRequestContext) async throws -> Response {
        if job.state.isTerminal {
            guard try await services.removeGeneration(job.id) else { throw notFound(job.id.rawValue) }
            return JSONResponse.make(
                ["id": .string(job.id.rawValue), "object": "generation.deleted", "deleted": true])
        }
        guard let after = try await services.generations.cancel(job.id) else { throw notFound(job.id.rawValue) }
        guard after.state == .canceled else {
            throw APIFailure(
                RequestProblem(.generationNotCancellable, values: [.status: Self.words(for: after.state)]), job: after)
        }
        return record(of: after, request, context)
    }

    // MARK: Finding and waiting

    /// How long a record waits for the copies that its links lead to.
    private static let copyWait = Duration.seconds(10)

    /// A terminal job with its copies, as far as they come soon, where links are to lead to them.
    func settled(_ job: Job, _ context: GatewayRequestContext) async throws -> Job {
        guard description.links.leadsHere, job.state.isTerminal, job.lacksCopies else { return job }
        let end = services.time.now + Self.copyWait
        return try await ClientPresence(channel: context.channel).whileWaiting {
            await services.generations.kept(job, until: end)
        }
    }

    /// - Throws: `generation_not_found`, also for a generation of somebody else.
    func ownJob(
        _ request: Request, _ context: GatewayRequestContext, for scope: KeyScope = .readGenerations
    ) async throws -> Job {
        let caller = try authorization.caller(of: request, context, for: scope)
        let id = context.parameters.get("id") ?? ""
        guard let generation = GenerationID(anyForm: id), let job = try await services.generations.job(generation),
            caller.maySee(job)
        else { throw notFound(id) }
        return job
    }

    func notFound(_ id: String) -> RequestProblem {
        RequestProblem(.generationNotFound, values: [.id: .echo(id)])
    }

    private func seconds(_ text: String?) throws(RequestProblem) -> Int {
        guard let text else { return 0 }
        guard let seconds = Int(text), (0...Self.longestWait).contains(seconds) else {
            throw .outOfRange("wait", 0...Self.longestWait, got: text)
        }
        return seconds
    }

    /// The job after its next change of state, or nil when none came in time.
    private func change(of job: Job, within limit: Duration, channel context: GatewayRequestContext) async throws
        -> Job?
    {
        let end = services.time.now + limit
        return try await ClientPresence(channel: context.channel).whileWaiting {
            try await withThrowingTaskGroup(of: Job?.self) { group in
                defer { group.cancelAll() }
                group.addTask {
                    for await newer in services.generations.changes(of: job.id) where newer.state != job.state {
                        return newer
                    }
                    return try await services.generations.job(job.id)
                }
                group.addTask {
                    try await services.time.sleep(until: end)
                    return nil
                }
                guard let first = try await group.next() else { return nil }
                if let first { return first }
                return try await services.generations.job(job.id)
            }
        }
    }

    /// The state for people.
    static func words(for state: JobState) -> PlaceholderText {
        switch state {
        case .queued: PlaceholderText(english: "queued", chinese: "排队中")
        case .preparing: PlaceholderText(english: "preparing", chinese: "准备中")
        case .submitting: PlaceholderText(english: "submitting", chinese: "提交中")
        case .unknown: PlaceholderText(english: "unknown", chinese: "待确认")
        case .running: PlaceholderText(english: "running", chinese: "生成中")
        case .succeeded, .partial: PlaceholderText(english: "finished", chinese: "已完成")
        case .failed: PlaceholderText(english: "failed", chinese: "失败")
        case .canceled: PlaceholderText(english: "canceled", chinese: "已取消")
        }
    }
}
