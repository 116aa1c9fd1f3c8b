import GatewayCore
import HTTPTypes
import Hummingbird
import NIOCore

/// Packs JSON answers for clients that take gzip (endpoints.md section 1). Event streams and files never.
enum AnswerCompression {
    /// Shorter ones gain nothing. Longer ones hold pictures in base64, which hardly shrink and would cost much work.
    static let lengths = 1025...(1 << 20)

    static let name = "gzip"

    /// The answer as it goes out.
    static func apply(to response: inout Response, for request: Request) async throws {
        guard response.headers[.contentEncoding] == nil, let length = response.body.contentLength,
            lengths.contains(length),
            response.headers[.contentType]?.hasPrefix("application/json") ?? false
        else { return }
        addVary(to: &response.headers)
        // The length of an answer without its body can't be known packed without making it.
        guard request.method != .head, isTaken(by: request.headers),
            let packed = Gzip.compressed(try await whole(response.body))
        else { return }
        response.headers[.contentEncoding] = name
        response.headers[.contentLength] = nil
        response.body = ResponseBody(byteBuffer: packed)
    }

    /// Whether the client takes gzip: named and not refused with `q=0`.
    static func isTaken(by headers: HTTPFields) -> Bool {
        guard let field = headers[.acceptEncoding], field.utf8.count <= 1024 else { return false }
        for entry in field.lowercased().split(separator: ",") {
            let parts = entry.split(separator: ";").map { String($0).trimmingBlanks() }
            guard let coding = parts.first, coding == name || coding == "x-gzip" else { continue }
            return (parts.first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1) > 0
        }
        return false
    }

    /// Caches in between must tell the two forms apart.
    static func addVary(to headers: inout HTTPFields) {
        headers.append(HTTPField(name: .vary, value: "accept-encoding"))
    }

    private static func whole(_ body: ResponseBody) async throws -> ByteBuffer {
        let collected = Collected()
        try await body.write(Collector(collected: collected))
        return collected.buffer
    }

    private final class Collected {
        var buffer = ByteBuffer()
    }

    private struct Collector: ResponseBodyWriter {
        let collected: Collected

        mutating func write(_ buffer: ByteBuffer) async throws {
            if collected.buffer.readableBytes == 0 {
                collected.buffer = buffer
            } else {
                collected.buffer.writeImmutableBuffer(buffer)
            }
        }

        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}

/// A JSON answer that is asked for often: written and packed once.
struct PreparedJSON: Sendable {
    private let plain: Response
    private let packed: Response?

    init(_ buffer: ByteBuffer) {
        plain = JSONResponse.make(buffer)
        packed =
            AnswerCompression.lengths.contains(buffer.readableBytes)
            ? Gzip.compressed(buffer).map {
                JSONResponse.make($0, headers: [.contentEncoding: AnswerCompression.name, .vary: "accept-encoding"])
            } : nil
    }

    func response(to request: Request) -> Response {
        guard let packed, AnswerCompression.isTaken(by: request.headers) else { return plain }
        return packed
    }
}
