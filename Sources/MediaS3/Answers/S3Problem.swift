/// Why a request to the bucket failed.
struct S3Problem: Error, Hashable, CustomStringConvertible {
    enum Kind: Hashable, Sendable {
        /// The bucket's answer.
        case refused(status: Int)
        /// No whole answer came. The text is a name without content.
        case lost(String)
        /// The time for it had run out.
        case tooSlow
        /// An answer that says nothing usable.
        case senseless
    }

    var kind: Kind
    /// S3's own word, such as `NoSuchKey`.
    var code: String?

    init(_ kind: Kind, code: String? = nil) {
        self.kind = kind
        self.code = code.flatMap { Self.isWord($0) ? $0 : nil }
    }

    /// No such object, bucket or upload.
    var isMissing: Bool { kind == .refused(status: 404) }

    /// Whether the same request may succeed a little later.
    var mayPass: Bool {
        switch kind {
        case .refused(let status):
            [408, 429, 500, 502, 503, 504].contains(status)
                || ["InternalError", "RequestTimeout", "SlowDown", "OperationAborted"].contains(code)
        case .lost, .tooSlow: true
        case .senseless: false
        }
    }

    /// Safe to log.
    var description: String {
        switch kind {
        case .refused(let status): "the bucket answered \(status)" + (code.map { " \($0)" } ?? "")
        case .lost(let name): "no answer of the bucket (\(name))"
        case .tooSlow: "no answer of the bucket in time"
        case .senseless: "the bucket's answer can't be used"
        }
    }

    /// What comes from outside goes into logs only if it looks like one of S3's words.
    private static func isWord(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
            }
    }
}
