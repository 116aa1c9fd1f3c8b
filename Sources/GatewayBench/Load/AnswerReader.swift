import NIOCore

/// Reads HTTP/1.1 answers with a Content-Length off a connection, with as little work as possible.
struct AnswerReader {
    enum Problem: Error {
        /// No status line, no length, or more than the bounds allow.
        case unreadable
    }

    private static let longestHead = 65_536
    private static let longestBody = 256 << 20

    private var buffer = ByteBuffer()
    private var head: (status: Int, length: Int)?

    mutating func append(_ part: inout ByteBuffer) {
        buffer.writeBuffer(&part)
    }

    /// The next complete answer; nil when more bytes are needed.
    mutating func next() throws -> (status: Int, body: ByteBuffer)? {
        if head == nil { head = try readHead() }
        guard let (status, length) = head, let body = buffer.readSlice(length: length) else { return nil }
        head = nil
        buffer.discardReadBytes()
        return (status, body)
    }

    private mutating func readHead() throws -> (status: Int, length: Int)? {
        let found = buffer.withUnsafeReadableBytes { bytes -> (end: Int, status: Int?, length: Int?)? in
            guard let end = Self.end(of: bytes) else { return nil }
            return (end, Self.status(bytes), Self.length(bytes[..<end]))
        }
        guard let found else {
            guard buffer.readableBytes <= Self.longestHead else { throw Problem.unreadable }
            return nil
        }
        guard let status = found.status, let length = found.length, length <= Self.longestBody else {
            throw Problem.unreadable
        }
        buffer.moveReaderIndex(forwardBy: found.end)
        return (status, length)
    }

    /// The index behind the empty line.
    private static func end(of bytes: UnsafeRawBufferPointer) -> Int? {
        var index = 3
        while index < bytes.count {
            let isEnd =
                bytes[index] == 0x0A && bytes[index - 1] == 0x0D && bytes[index - 2] == 0x0A && bytes[index - 3] == 0x0D
            if isEnd { return index + 1 }
            index += 1
        }
        return nil
    }

    private static func status(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count > 12 else { return nil }
        return Int(String(decoding: bytes[9..<12], as: UTF8.self))
    }

    private static func length(_ head: Slice<UnsafeRawBufferPointer>) -> Int? {
        let name = Array("content-length:".utf8)
        for line in head.split(separator: 0x0A) where line.count > name.count {
            guard zip(line, name).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) else { continue }
            let digits = line.dropFirst(name.count).filter { (0x30...0x39).contains($0) }
            return digits.count <= 10 ? Int(String(decoding: digits, as: UTF8.self)) : nil
        }
        return nil
    }
}
