import Crypto
import GatewayCore

/// The requests that write.
extension S3Request {
    /// The header with the time at which a file was kept, in milliseconds.
    static let keptAt = "x-amz-meta-kept-at"

    /// A whole small object.
    static func write(_ bytes: [UInt8], as path: String, mimeType: String) -> S3Request {
        S3Request(
            method: .put, key: path, headers: [S3Field("content-type", mimeType)], body: .bytes(bytes),
            bodySHA256: S3Signer.hexadecimal(SHA256.hash(data: bytes)))
    }

    /// A whole kept file.
    static func write(_ body: Body, sha256: String, as path: String, _ media: StoredMedia) -> S3Request {
        S3Request(method: .put, key: path, headers: facts(of: media), body: body, bodySHA256: sha256)
    }

    /// Copies an object onto itself, with a new time.
    static func renew(_ path: String, in configuration: MediaBucket.Configuration, _ media: StoredMedia) -> S3Request {
        S3Request(
            method: .put, key: path,
            headers: facts(of: media) + [
                S3Field("x-amz-copy-source", configuration.address.source(of: path, in: configuration.bucket)),
                S3Field("x-amz-metadata-directive", "REPLACE"),
            ])
    }

    static func beginUpload(_ path: String, _ media: StoredMedia) -> S3Request {
        S3Request(method: .post, key: path, query: [S3Field("uploads", "")], headers: facts(of: media))
    }

    /// `number`: from 1.
    static func uploadPart(
        _ number: Int, of upload: String, _ path: String, _ body: Body, sha256: String
    ) -> S3Request {
        S3Request(
            method: .put, key: path, query: [S3Field("partNumber", "\(number)"), S3Field("uploadId", upload)],
            body: body, bodySHA256: sha256)
    }

    /// `tags`: the entity tags of the parts, in order.
    static func finishUpload(_ upload: String, _ path: String, tags: [String]) -> S3Request {
        let parts = tags.enumerated().map { number, tag in
            "<Part><PartNumber>\(number + 1)</PartNumber><ETag>\(escaped(tag))</ETag></Part>"
        }
        let body = Array("<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>".utf8)
        return S3Request(
            method: .post, key: path, query: [S3Field("uploadId", upload)],
            headers: [S3Field("content-type", "application/xml")], body: .bytes(body),
            bodySHA256: S3Signer.hexadecimal(SHA256.hash(data: body)))
    }

    static func abortUpload(_ upload: String, _ path: String) -> S3Request {
        S3Request(method: .delete, key: path, query: [S3Field("uploadId", upload)])
    }

    private static func facts(of media: StoredMedia) -> [S3Field] {
        [S3Field("content-type", media.mimeType), S3Field(keptAt, "\(media.createdAt.milliseconds)")]
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
        return result
    }
}
