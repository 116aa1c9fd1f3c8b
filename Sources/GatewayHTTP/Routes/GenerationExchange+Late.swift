import GatewayCore
import HTTPTypes
import Hummingbird
import WireJSON

/// Answers that begin before their generation has ended: as events, or after signs of life.
extension GenerationExchange {
    /// Waits in pieces, so that something can be sent between them.
    func wait(
        for placed: Placed, every tick: Duration, _ context: GatewayRequestContext, _ onTick: () async throws -> Void
    ) async throws -> Job {
        var job = placed.job
        while !job.state.isTerminal {
            let now = services.time.now
            guard now < placed.deadline else { break }
            let next = min(placed.deadline, now + tick)
            job = try await wait(for: placed, until: next, context)
            if !job.state.isTerminal, next < placed.deadline { try await onTick() }
        }
        return job
    }

    /// Of an answer that begins before its generation has ended.
    func headers(for placed: Placed) -> HTTPFields {
        var headers: HTTPFields = [
            .xGenerationID: placed.job.id.rawValue, .xJimengModel: placed.job.task.model, .cacheControl: "no-cache",
            .xAccelBuffering: "no",
        ]
        add(placed, to: &headers)
        return headers
    }

    /// Server-sent events (openai-compat.md section 5). Failures before the generation exists were ordinary answers.
    func streamed(
        _ placed: Placed, _ context: GatewayRequestContext, _ answering: @escaping Answering
    ) -> Response {
        var headers = headers(for: placed)
        headers[.contentType] = "text/event-stream; charset=utf-8"
        let body = ResponseBody { writer in
            var placed = placed
            do {
                placed.job = try await wait(for: placed, every: Self.streamTick, context) {
                    try await writer.write(PictureEvents.keepAlive)
                }
                placed = try await withCopies(placed, every: Self.streamTick, context) {
                    try await writer.write(PictureEvents.keepAlive)
                }
                for event in try await answer(to: placed, answering).events { try await writer.write(event()) }
            } catch WaitInterruption.clientGone {
                throw WaitInterruption.clientGone
            } catch {
                let object = description.errors.lateObject(
                    for: error, acceptLanguage: placed.acceptLanguage, requestID: placed.requestID)
                try await writer.write(PictureEvents.failed(object["error"] ?? .null))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    /// A blank now and then until the JSON follows; failures come as an error object under status 200.
    func keptAlive(
        _ placed: Placed, _ context: GatewayRequestContext, _ answering: @escaping Answering
    ) -> Response {
        var headers = headers(for: placed)
        headers[.contentType] = JSONResponse.contentType
        let blank = ByteBuffer(string: " ")
        let body = ResponseBody { writer in
            var placed = placed
            let answer: FinishedAnswer
            do {
                placed.job = try await wait(for: placed, every: Self.blankTick, context) {
                    try await writer.write(blank)
                }
                placed = try await withCopies(placed, every: Self.blankTick, context) {
                    try await writer.write(blank)
                }
                answer = try await self.answer(to: placed, answering)
            } catch WaitInterruption.clientGone {
                throw WaitInterruption.clientGone
            } catch {
                let object = description.errors.lateObject(
                    for: error, acceptLanguage: placed.acceptLanguage, requestID: placed.requestID)
                try await writer.write(ByteBuffer(bytes: object.serialized()))
                try await writer.finish(nil)
                return
            }
            switch answer.body {
            case .whole(let buffer): try await writer.write(buffer())
            case .pieces(let pieces): for try await piece in pieces { try await writer.write(piece) }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}
