import GatewayCore
import HTTPTypes
import Hummingbird
import Logging

/// Reads a request's body and makes fields of it (endpoints.md sections 3.1 and 3.2).
struct BodyReader: Sendable {
    let limit: Int
    /// Whether a body that is not quite JSON is read all the same.
    var isLenient = true
    var logger: Logger?

    /// - Throws: ``RequestProblem``: `request_too_large` before more than the limit is held, `unsupported_content_type`,
    ///   `invalid_json`, `too_many_parts`; what the connection throws.
    func fields(of request: Request, requestID: String? = nil) async throws -> RequestFields {
        let decoder = try BodyDecoder(contentType: request.headers[.contentType])
        if let coding = request.headers[.contentEncoding]?.lowercased(), coding != "identity" {
            throw RequestProblem(
                .unsupportedContentType, values: [.contentType: .echo("with content-encoding \(coding)")])
        }
        let fields = try decoder.decode(try await bytes(of: request), isLenient: isLenient)
        if !fields.repairs.isEmpty {
            logger?.warning(
                "body repaired",
                metadata: [
                    "body.repairs": "\(fields.repairs.joined(separator: "+"))", "request.id": "\(requestID ?? "-")",
                ])
        }
        return fields
    }

    private func bytes(of request: Request) async throws -> ByteBuffer {
        let declared = request.headers[.contentLength].flatMap { Int($0) }
        if let declared, declared > limit { throw tooLarge }
        var whole = ByteBuffer()
        for try await chunk in request.body {
            guard whole.readableBytes + chunk.readableBytes <= limit else { throw tooLarge }
            if whole.readableBytes == 0 {
                whole = chunk
            } else {
                whole.writeImmutableBuffer(chunk)
            }
        }
        // A client that broke off looks like an end; half a form would still be a form.
        if let declared, whole.readableBytes < declared { throw WaitInterruption.clientGone }
        return whole
    }

    private var tooLarge: RequestProblem {
        RequestProblem(.requestTooLarge, values: [.max: PlaceholderText(Self.shown(limit))])
    }

    /// `100 MiB`, or bytes when it is no whole number of them.
    static func shown(_ bytes: Int) -> String {
        let mebibyte = 1024 * 1024
        if bytes >= mebibyte, bytes % mebibyte == 0 { return "\(bytes / mebibyte) MiB" }
        if bytes >= 1024, bytes % 1024 == 0 { return "\(bytes / 1024) KiB" }
        return "\(bytes) bytes"
    }
}
