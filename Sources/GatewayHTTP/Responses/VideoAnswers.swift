import GatewayCore
import NIOCore
import WireJSON

/// Makes the answers of `POST /v1/videos/generations` (endpoints.md section 11.3).
struct VideoAnswers: Sendable {
    let services: Boxed<GatewayServices>
    let description: JobDescription

    /// With `b64_json` the file is encoded while it is read, so that it is never held whole.
    /// - Throws: ``GenerationFault`` `result_download_failed` when the file can't be opened.
    func answer(
        to placed: GenerationExchange.Placed, format: ImageResponseFormat, origin: String
    ) async throws -> FinishedAnswer {
        let job = placed.job
        let notices = job.notices + placed.notices
        let now = services.time.now
        let pictures = job.outputs.map { output in
            DeliveredPicture(
                url: description.links.url(of: output, origin: origin),
                archivedURL: description.links.archivedURL(of: output, origin: origin),
                size: PictureDelivery.size(of: output, in: job), format: "mp4")
        }
        let headers = FinishedAnswer.headers(for: job, notices: notices)
        let start = "{\"created\":\(now.seconds),\"data\":["
        let rest: JSONObject = [
            "jimeng": description.extensionObject(of: job, pictures: pictures, notices: notices, now: now)
        ]
        let prompt = JSONValue.string(job.task.prompt)
        guard format == .base64 else {
            let data = pictures.map { picture -> JSONValue in
                var members: JSONObject = ["url": .string(picture.url)]
                if let archived = picture.archivedURL { members["archived_url"] = .string(archived) }
                members["revised_prompt"] = prompt
                return .object(members)
            }
            let answer: JSONValue = [
                "created": .integer(now.seconds), "data": .array(data), "jimeng": rest["jimeng"] ?? .null,
            ]
            return FinishedAnswer(headers: headers, body: .whole { ByteBuffer(bytes: answer.serialized()) })
        }
        let file = try await ResultFiles(services: services).open(job, output: 0)
        let tail = "\",\"revised_prompt\":\(prompt.serializedString())}],"
        return FinishedAnswer(
            headers: headers,
            body: .pieces(
                Base64Pieces(
                    before: start + "{\"b64_json\":\"", body: file.body,
                    after: tail + String(JSONValue.object(rest).serializedString().dropFirst()))))
    }
}

/// A text, a file in base64, and another text, as they are read.
private struct Base64Pieces: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    typealias Failure = any Error

    let before: String
    let body: MediaBody
    let after: String

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pieces: self, chunks: Chunks(body)) }

    struct AsyncIterator: AsyncIteratorProtocol {
        private enum Place {
            case before, file, end
        }

        fileprivate let pieces: Base64Pieces
        fileprivate var chunks: Chunks
        private var place = Place.before
        /// Bytes that do not fill a group of three yet.
        private var carried: [UInt8] = []

        fileprivate init(pieces: Base64Pieces, chunks: Chunks) {
            self.pieces = pieces
            self.chunks = chunks
        }

        mutating func next() async throws -> ByteBuffer? {
            switch place {
            case .before:
                place = .file
                return ByteBuffer(string: pieces.before)
            case .file:
                var buffer = ByteBuffer()
                while let chunk = try await chunks.next() {
                    carried += chunk
                    let whole = carried.count / 3 * 3
                    guard whole > 0 else { continue }
                    Base64.write(Array(carried[..<whole]), into: &buffer)
                    carried.removeFirst(whole)
                    return buffer
                }
                place = .end
                Base64.write(carried, into: &buffer)
                buffer.writeString(pieces.after)
                return buffer
            case .end: return nil
            }
        }
    }

    /// The iterator of a body whose type is not known.
    fileprivate struct Chunks {
        private var read: () async throws -> [UInt8]?

        init(_ body: MediaBody) {
            read = Self.reader(of: body)
        }

        private static func reader<Body: AsyncSequence>(of body: Body) -> () async throws -> [UInt8]?
        where Body.Element == [UInt8] {
            var iterator = body.makeAsyncIterator()
            return { try await iterator.next() }
        }

        func next() async throws -> [UInt8]? { try await read() }
    }
}
