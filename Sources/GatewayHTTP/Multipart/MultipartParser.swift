import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A `multipart/form-data` body (RFC 7578, RFC 2046) taken apart as it comes in: bytes in, events out, nothing else. However
/// the bytes are cut into chunks, the events are the same but for the cuts in the data.
///
/// Give it a chunk with ``feed(_:)``, take events with ``next()`` until there are none, and so on; at the end of the body
/// call ``finish()``. What it holds between two chunks is at most one part's headers or a piece of data as long as the
/// boundary; data is handed on as slices of the chunks it came in.
struct MultipartParser {
    enum Event: Equatable {
        case partBegan(MultipartPart)
        /// Never empty.
        case partData(ByteBuffer)
        case partEnded
        /// The closing boundary was read; whatever follows is ignored.
        case finished
    }

    static let largestHeaders = 16 << 10
    static let mostParts = 100
    /// What may stand before the first boundary. Nobody writes anything there.
    private static let longestPreamble = 4 << 10
    /// Blanks between a boundary and the end of its line.
    private static let longestPadding = 64

    private enum State {
        case preamble
        /// Behind a boundary line.
        case headers
        /// Behind the headers, in front of the line break that separates them from the data.
        case separator
        case data
        /// Behind the closing boundary.
        case closing
        case epilogue
    }

    /// With the line break before it, which belongs to the boundary and not to the data.
    private let delimiter: [UInt8]
    private var state = State.preamble
    private var buffer: ByteBuffer
    /// How much of `buffer` was searched for the end of the headers.
    private var searched = 0
    private var preambleLength = 0
    private var partCount = 0

    /// - Parameter contentType: the request's, with its `boundary`: 1 to 70 visible characters or blanks, not ending in one.
    /// - Throws: ``MultipartFault/noBoundary``.
    init(contentType: String) throws(MultipartFault) {
        guard let boundary = HeaderParameters(contentType.utf8)?["boundary"]?.utf8, (1...70).contains(boundary.count),
            boundary.allSatisfy({ (0x20...0x7E).contains($0) }), boundary.last != 0x20
        else { throw .noBoundary }
        delimiter = Array("\r\n--".utf8) + boundary
        // The first boundary may open the body: the line break before it is thought in.
        buffer = ByteBuffer(string: "\r\n")
    }

    /// Takes the next chunk of the body. To be called when ``next()`` has given nil.
    mutating func feed(_ chunk: ByteBuffer) {
        guard buffer.readableBytes > 0 else {
            buffer = chunk
            return
        }
        // Into new storage: the old one may still be shared with slices that were handed on.
        var joined = ByteBufferAllocator().buffer(capacity: buffer.readableBytes + chunk.readableBytes)
        joined.writeImmutableBuffer(buffer)
        joined.writeImmutableBuffer(chunk)
        buffer = joined
    }

    /// The next event; nil when more of the body is needed, and for ever after ``Event/finished``.
    mutating func next() throws(MultipartFault) -> Event? {
        while true {
            switch state {
            case .preamble:
                guard try skipPreamble() else { return nil }
            case .headers:
                return try readHeaders()
            case .separator:
                // A part without data may lack the line break of its own that would follow.
                switch search() {
                case .beginning(0): return nil
                case .boundary(0, let end, let isClosing): return endPart(end, isClosing)
                case .nothing, .beginning, .boundary:
                    buffer.moveReaderIndex(forwardBy: 2)
                    state = .data
                }
            case .data:
                return readData()
            case .closing:
                state = .epilogue
                return .finished
            case .epilogue:
                buffer.clear()
                return nil
            }
        }
    }

    /// To be called at the end of the body, when ``next()`` has given nil.
    /// - Throws: ``MultipartFault/prematureEnd`` unless the closing boundary was there.
    mutating func finish() throws(MultipartFault) {
        switch state {
        case .epilogue: return
        case .preamble: throw .noFirstPart
        case .headers, .separator, .data, .closing: throw .prematureEnd
        }
    }

    // MARK: - States

    /// Whether a boundary was found.
    private mutating func skipPreamble() throws(MultipartFault) -> Bool {
        let skipped: Int
        var isFound = false
        switch search() {
        case .nothing: skipped = buffer.readableBytes
        case .beginning(let start): skipped = start
        case .boundary(let start, let end, let isClosing):
            isFound = true
            skipped = end
            preambleLength += start
            state = isClosing ? .closing : .headers
        }
        buffer.moveReaderIndex(forwardBy: skipped)
        if !isFound { preambleLength += skipped }
        guard preambleLength <= Self.longestPreamble else { throw .noFirstPart }
        return isFound
    }

    private mutating func readHeaders() throws(MultipartFault) -> Event? {
        guard let length = headerLength() else {
            guard buffer.readableBytes <= Self.largestHeaders else { throw .headersTooLarge }
            return nil
        }
        guard length <= Self.largestHeaders else { throw .headersTooLarge }
        guard partCount < Self.mostParts else { throw .tooManyParts }
        let block = buffer.readBytes(length: length) ?? []
        let part = try MultipartPart(headers: block)
        buffer.moveReaderIndex(forwardBy: 2)
        partCount += 1
        searched = 0
        state = .separator
        return .partBegan(part)
    }

    private mutating func readData() -> Event? {
        switch search() {
        case .nothing: return data(buffer.readableBytes)
        case .beginning(let start): return data(start)
        case .boundary(let start, let end, let isClosing):
            return start > 0 ? data(start) : endPart(end, isClosing)
        }
    }

    private mutating func endPart(_ boundaryLength: Int, _ isClosing: Bool) -> Event {
        buffer.moveReaderIndex(forwardBy: boundaryLength)
        state = isClosing ? .closing : .headers
        return .partEnded
    }

    private mutating func data(_ count: Int) -> Event? {
        guard count > 0, let slice = buffer.readSlice(length: count) else { return nil }
        return .partData(slice)
    }

    // MARK: - Searching

    /// How many bytes of headers stand before the empty line; nil when its end is not there yet.
    private mutating func headerLength() -> Int? {
        let start = max(0, searched - 3)
        let found = buffer.withUnsafeReadableBytes { bytes -> Int? in
            // No headers at all.
            if bytes.starts(with: [0x0D, 0x0A]) { return 0 }
            var offset = start
            while offset + 4 <= bytes.count {
                if bytes[offset] == 0x0D, bytes[offset + 1] == 0x0A, bytes[offset + 2] == 0x0D,
                    bytes[offset + 3] == 0x0A
                {
                    return offset
                }
                offset += 1
            }
            return nil
        }
        searched = buffer.readableBytes
        return found
    }

    private enum Search {
        case nothing
        /// What begins here may become a boundary with the next bytes.
        case beginning(Int)
        /// A whole boundary line, or closing boundary, from here up to there.
        case boundary(Int, end: Int, isClosing: Bool)
    }

    /// Where the buffer's first boundary is. Each byte is looked at once or twice: a boundary holds no carriage return but
    /// its first byte, so that a false start is never gone over again.
    private func search() -> Search {
        buffer.withUnsafeReadableBytes { bytes -> Search in
            var from = 0
            while from < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + from, 0x0D, bytes.count - from)
            {
                let start = UnsafeRawPointer(found) - base
                let here = bytes[start...].prefix(delimiter.count)
                if delimiter.starts(with: here) {
                    guard here.count == delimiter.count else { return .beginning(start) }
                    switch Self.lineEnd(bytes, from: start + delimiter.count) {
                    case .missing: return .beginning(start)
                    case .line(let end): return .boundary(start, end: end, isClosing: false)
                    case .closing(let end): return .boundary(start, end: end, isClosing: true)
                    case .other: break
                    }
                }
                from = start + 1
            }
            return .nothing
        }
    }

    private enum LineEnd {
        case missing, other
        case line(Int)
        case closing(Int)
    }

    /// What follows the text of a boundary: two hyphens, or blanks and a line break. Anything else makes it data that only
    /// looks like one.
    private static func lineEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> LineEnd {
        guard start < bytes.count else { return .missing }
        if bytes[start] == UInt8(ascii: "-") {
            guard start + 1 < bytes.count else { return .missing }
            return bytes[start + 1] == UInt8(ascii: "-") ? .closing(start + 2) : .other
        }
        var offset = start
        while offset < bytes.count, bytes[offset] == 0x20 || bytes[offset] == 0x09 {
            offset += 1
            if offset - start > longestPadding { return .other }
        }
        guard offset < bytes.count else { return .missing }
        guard bytes[offset] == 0x0D else { return .other }
        guard offset + 1 < bytes.count else { return .missing }
        return bytes[offset + 1] == 0x0A ? .line(offset + 2) : .other
    }
}
