/// A header, or a member of a query before it is encoded.
struct S3Field: Hashable, Sendable {
    var name: String
    var value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A request to a bucket before it is signed.
struct S3Request: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case put = "PUT"
        case post = "POST"
        case delete = "DELETE"
    }

    /// The body, made anew for every attempt.
    enum Body: Sendable {
        case none
        case bytes([UInt8])
        case stream(byteCount: Int64, @Sendable () -> BodyBuffers)
    }

    var method: Method
    /// The name of the object; empty = the bucket itself.
    var key = ""
    var query: [S3Field] = []
    var headers: [S3Field] = []
    var body = Body.none
    /// Of the body, in lower-case hexadecimal.
    var bodySHA256 = S3Signer.emptyBody

    /// The query as it is sent and signed.
    var canonicalQuery: String {
        query.map { (S3Encoding.text($0.name), S3Encoding.text($0.value)) }.sorted { $0 < $1 }
            .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    /// What it does, for logs: a word of a small set.
    var action: String {
        switch (method, query.first?.name) {
        case (.get, "list-type"?): "list"
        case (.get, "uploads"?): "list uploads"
        case (.get, _): "read"
        case (.head, _): "look"
        case (.post, "uploads"?): "begin upload"
        case (.put, "partNumber"?): "upload part"
        case (.post, _): "finish upload"
        case (.put, _): headers.contains { $0.name == "x-amz-copy-source" } ? "renew" : "write"
        case (.delete, "uploadId"?): "abort upload"
        case (.delete, _): "remove"
        }
    }
}

/// Percent-encoding as signatures want it: everything but letters, digits, `-`, `.`, `_` and `~`.
enum S3Encoding {
    static func text(_ text: String, keepingSlashes: Bool = false) -> String {
        var bytes: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            case UInt8(ascii: "/") where keepingSlashes:
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
