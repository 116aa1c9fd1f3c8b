import GatewayCore
import NIOCore

/// A body and its parser, from which the reader of the form and the readers of its files take turns.
actor MultipartSource<Body: AsyncSequence & Sendable> where Body.Element == ByteBuffer {
    /// A file's bytes were asked for after the form had gone on to the next part, or by two at once.
    struct OutOfTurn: Error {}

    private var chunks: Body.AsyncIterator?
    private var parser: MultipartParser
    private let limit: Int
    private var byteCount = 0
    /// Counts the parts that began; tells files apart from later ones.
    private(set) var part = 0
    private var isInPart = false

    init(_ body: Body, parser: MultipartParser, limit: Int) {
        chunks = body.makeAsyncIterator()
        self.parser = parser
        self.limit = limit
    }

    /// The next event, reading as much of the body as it takes; nil once the body was read to its end.
    /// - Throws: ``MultipartFault``; ``RequestProblem`` `request_too_large`; what the connection throws.
    func next() async throws -> MultipartParser.Event? {
        while true {
            if let event = try parser.next() {
                switch event {
                case .partBegan:
                    part += 1
                    isInPart = true
                case .partEnded: isInPart = false
                case .partData, .finished: break
                }
                return event
            }
            guard let chunk = try await read() else {
                try parser.finish()
                return nil
            }
            byteCount += chunk.readableBytes
            guard byteCount <= limit else {
                throw RequestProblem(.requestTooLarge, values: [.max: PlaceholderText(BodyReader.shown(limit))])
            }
            parser.feed(chunk)
        }
    }

    /// The next bytes of a part; nil at its end.
    /// - Throws: as ``next()``; ``OutOfTurn``.
    func data(of part: Int) async throws -> ByteBuffer? {
        guard part == self.part else { throw OutOfTurn() }
        guard isInPart else { return nil }
        if case .partData(let data) = try await next() { return data }
        return nil
    }

    /// Reads over what is left of the part, if anything.
    func skipPart() async throws {
        while try await data(of: part) != nil {}
    }

    private func read() async throws -> ByteBuffer? {
        guard var chunks = chunks.take() else { throw OutOfTurn() }
        let chunk = try await chunks.next(isolation: #isolation)
        self.chunks = chunks
        return chunk
    }
}

/// The bytes of a file part, as they come in. Can be read once, while its part is being read.
struct MultipartFileBody<Body: AsyncSequence & Sendable>: AsyncSequence, Sendable where Body.Element == ByteBuffer {
    let source: MultipartSource<Body>
    let part: Int
    /// Bytes that were taken already.
    let first: ByteBuffer?

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let source: MultipartSource<Body>
        fileprivate let part: Int
        fileprivate var first: ByteBuffer?

        mutating func next() async throws -> [UInt8]? {
            if let first = first.take() { return Array(first.readableBytesView) }
            return try await source.data(of: part).map { Array($0.readableBytesView) }
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: source, part: part, first: first) }
}
