import GatewayCore
import HTTPTypes
import Hummingbird
import WireJSON

/// Streamed chat answers (endpoints.md section 15.3, errors.md section 1.6).
extension ChatRoutes {
    private static let keepAliveTick = Duration.seconds(10)
    private static let dotTick = Duration.seconds(5)

    /// The headers wait until the site has the generation, so that a refusal is still an ordinary answer.
    /// - Throws: what the generation failed with in that time.
    func streamed(_ turn: Turn, _ context: GatewayRequestContext) async throws -> Response {
        var placed = turn.placed
        placed.job = try await held(placed, context)
        if let failure = JobDescription.failure(of: placed.job) { throw failure }
        var headers = exchange.headers(for: placed)
        headers[.contentType] = "text/event-stream; charset=utf-8"
        let feed = JobFeed(generations: services.generations, time: services.time, channel: context.channel)
        let started = placed
        let body = ResponseBody { writer in
            do {
                try await tell(started, turn, feed, context) { try await writer.write($0) }
            } catch {
                // Whatever ends the line: the answer did not arrive.
                await exchange.clientLeft(started)
                throw error
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private func tell(
        _ started: GenerationExchange.Placed, _ turn: Turn, _ feed: JobFeed, _ context: GatewayRequestContext,
        _ write: (ByteBuffer) async throws -> Void
    ) async throws {
        var placed = started
        let opening: JSONValue = ["role": "assistant", "content": .string(turn.words.waiting)]
        try await write(turn.envelope.chunk(opening))
        let ending: [ByteBuffer]
        do {
            placed.job = try await awaited(placed, turn, feed, write)
            placed = try await exchange.withCopies(placed, every: Self.keepAliveTick, context) {
                try await write(ChatEnvelope.keepAlive)
            }
            ending = chunks(of: try await outcome(of: placed, turn), turn)
        } catch WaitInterruption.clientGone {
            throw WaitInterruption.clientGone
        } catch {
            ending = chunks(of: error, turn, placed)
        }
        for chunk in ending { try await write(chunk) }
        try await write(ChatEnvelope.done)
    }

    /// An answer that is no generation.
    func auxiliary(_ text: String, _ chat: ChatRequest) -> Response {
        let envelope = ChatEnvelope(
            id: ChatEnvelope.newID(random: services.random), created: services.time.now,
            model: chat.model ?? services.catalogue.defaultImageModel, tellsUsage: chat.includesUsage)
        let usage = ChatEnvelope.usage(prompt: chat.prompt, inputs: 0, contentBytes: text.utf8.count)
        guard chat.wantsStream else {
            return JSONResponse.make(envelope.answer(content: text, images: nil, usage: usage, jimeng: nil))
        }
        var chunks = envelope.chunk(["role": "assistant", "content": .string(text)])
        chunks.writeImmutableBuffer(envelope.chunk([:], finish: "stop"))
        if chat.includesUsage { chunks.writeImmutableBuffer(envelope.usageChunk(usage)) }
        chunks.writeImmutableBuffer(ChatEnvelope.done)
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache", .xAccelBuffering: "no",
            ], body: .init(byteBuffer: chunks))
    }

    // MARK: Waiting

    /// The job once the site has it or it has ended, at the latest when the hold is over.
    private func held(
        _ placed: GenerationExchange.Placed, _ context: GatewayRequestContext
    ) async throws -> Job {
        let end = min(services.time.now + configuration.chat.headerHold, placed.deadline)
        guard !Self.isSettled(placed.job) else { return placed.job }
        do {
            return try await ClientPresence(channel: context.channel).whileWaiting {
                try await withThrowingTaskGroup(of: Job?.self) { group in
                    defer { group.cancelAll() }
                    group.addTask {
                        for await job in services.generations.changes(of: placed.job.id) where Self.isSettled(job) {
                            return job
                        }
                        return nil
                    }
                    group.addTask {
                        try await services.time.sleep(until: end)
                        return nil
                    }
                    if let settled = try await group.next() ?? nil { return settled }
                    return try await services.generations.job(placed.job.id) ?? placed.job
                }
            }
        } catch WaitInterruption.clientGone {
            await exchange.clientLeft(placed)
            throw WaitInterruption.clientGone
        } catch WaitInterruption.draining {
            throw exchange.stillRunning(placed, RequestProblem(.waitTimeout))
        }
    }

    /// Nothing that happens from here on is an ordinary answer.
    private static func isSettled(_ job: Job) -> Bool {
        job.state == .running || job.state == .unknown || job.state.isTerminal
    }

    /// The job at its end, or at the end of the wait; tells meanwhile what the configuration wants told.
    private func awaited(
        _ placed: GenerationExchange.Placed, _ turn: Turn, _ feed: JobFeed,
        _ write: (ByteBuffer) async throws -> Void
    ) async throws -> Job {
        guard !placed.job.state.isTerminal else { return placed.job }
        let progress = configuration.chat.progress
        var job = placed.job
        var told = ChatWords.progressKey(of: job)
        var isExpired = false
        let tick = progress == .dots ? Self.dotTick : Self.keepAliveTick
        try await feed.follow(job.id, tick: tick, until: placed.deadline) { event in
            switch event {
            case .changed(let newer):
                job = newer
                guard progress == .reasoning, !newer.state.isTerminal, ChatWords.progressKey(of: newer) != told,
                    let words = ChatWords.progress(of: newer, now: services.time.now)
                else { break }
                told = ChatWords.progressKey(of: newer)
                try await write(turn.envelope.chunk(["reasoning_content": .string(words + "\n")]))
            case .tick:
                try await write(
                    progress == .dots ? turn.envelope.chunk(["content": "."]) : ChatEnvelope.keepAlive)
            case .expired:
                isExpired = true
                return false
            case .interrupted(.clientGone): throw WaitInterruption.clientGone
            case .interrupted(.draining): throw exchange.stillRunning(placed, RequestProblem(.waitTimeout))
            }
            return !job.state.isTerminal
        }
        // Nothing more is told by a server that stops.
        if !job.state.isTerminal, !isExpired { throw exchange.stillRunning(placed, RequestProblem(.waitTimeout)) }
        return job
    }

    // MARK: Chunks

    private func chunks(of outcome: Outcome, _ turn: Turn) -> [ByteBuffer] {
        let envelope = turn.envelope
        var chunks: [ByteBuffer] = []
        if configuration.chat.countsStreamChoices {
            for (index, text) in outcome.texts.enumerated() {
                let isLast = index == outcome.texts.count - 1
                chunks.append(
                    envelope.chunk(
                        ["role": "assistant", "content": .string(text)], finish: isLast ? "stop" : nil,
                        index: index + 1))
            }
        } else {
            chunks.append(envelope.chunk(["content": "\n\n"]))
            for (index, text) in outcome.texts.enumerated() {
                chunks.append(envelope.chunk(["content": .string(index > 0 ? "\n" + text : text)]))
            }
            chunks.append(envelope.chunk([:], finish: "stop"))
        }
        if turn.chat.includesUsage {
            let bytes = turn.words.waiting.utf8.count + 2 + outcome.texts.reduce(0) { $0 + $1.utf8.count + 1 }
            chunks.append(envelope.usageChunk(usage(turn, contentBytes: bytes)))
        }
        return chunks
    }

    private func chunks(
        of error: any Error, _ turn: Turn, _ placed: GenerationExchange.Placed
    ) -> [ByteBuffer] {
        let object =
            description.errors.lateObject(
                for: error, acceptLanguage: placed.acceptLanguage, requestID: placed.requestID)["error"] ?? .null
        let style = configuration.chat.streamErrors
        var chunks: [ByteBuffer] = []
        if style != .event {
            let message = object["message"]?.string ?? ""
            chunks.append(turn.envelope.chunk(["content": .string("\n\n⚠️ \(message)")]))
            let isModeration = object["type"]?.string == ErrorEntry.Kind.contentPolicy.rawValue
            if isModeration {
                chunks.append(turn.envelope.chunk([:], finish: "content_filter"))
            } else if style == .text {
                chunks.append(turn.envelope.chunk([:], finish: "stop"))
            }
        }
        if style != .text { chunks.append(ChatEnvelope.failure(object)) }
        return chunks
    }
}
