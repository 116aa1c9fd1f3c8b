import HTTPTypes
import Hummingbird
import NIOCore

/// Answers that a client must not wait for or read to their end.
enum FaultyBody {
    /// Thrown to end a response that was announced longer.
    private struct BrokenOff: Error {}

    /// Longest life of an answer that never ends.
    private static let dripLimit = 600
    /// Bytes of an answer that is too much.
    private static let floodSize = 48 << 20

    /// All of `bytes` are announced, half of them are sent, then the connection is closed.
    static func cut(_ bytes: [UInt8], headers: HTTPFields, on channel: any Channel) -> Response {
        let half = ByteBuffer(bytes: bytes.prefix(bytes.count / 2))
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody(contentLength: max(1, bytes.count)) { writer in
                try await writer.write(half)
                try? await channel.close()
                throw BrokenOff()
            })
    }

    /// A byte a second, so that no client finds the silence too long.
    static func drip(_ bytes: [UInt8], headers: HTTPFields) -> Response {
        Response(
            status: .ok, headers: headers,
            body: ResponseBody(contentLength: max(bytes.count, dripLimit) + 1) { writer in
                for second in 0..<dripLimit {
                    let byte = second < bytes.count ? bytes[second] : UInt8(ascii: " ")
                    try await writer.write(ByteBuffer(bytes: [byte]))
                    try await Task.sleep(for: .seconds(1))
                }
                throw BrokenOff()
            })
    }

    /// Blanks, which a JSON reader would take.
    static func flood(headers: HTTPFields) -> Response {
        let piece = ByteBuffer(repeating: UInt8(ascii: " "), count: 64 << 10)
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                for _ in 0..<(floodSize / piece.readableBytes) { try await writer.write(piece) }
                try await writer.finish(nil)
            })
    }
}
