/// Bytes on their way: chunks of any size, in order. Reading it to the end or dropping it releases what feeds it.
package typealias MediaBody = any AsyncSequence<[UInt8], any Error> & Sendable

/// Where results are kept, each under its content address.
///
/// Laws, checked by the conformance suite for every implementation:
/// - Equal bytes are stored once and have one name; keeping them again only renews their time.
/// - A file that is found is whole. A body that fails, is empty or too large leaves nothing behind.
/// - A file that was kept again after the instant that a removal names outlives that removal.
/// - Names that no store could have given are found nowhere and remove nothing. Time is passed in, never read.
package protocol MediaStore: Sendable {
    /// Copies `body` into the store, streaming. Type, size in pixels and duration come from the file's own bytes.
    /// `limit`: most bytes accepted; more is ``MediaFault/Kind/tooLarge``.
    /// `now`: when the file was kept.
    func keep(_ body: MediaBody, limit: Int64, now: Timestamp) async throws -> StoredMedia

    /// Keeps what was made from a kept file beside it. One of the same key is replaced.
    /// `key.variant` is not `original`.
    func keep(_ bytes: [UInt8], as key: MediaKey) async throws

    /// A kept file's size and type; nil when there is none of this name.
    func find(_ key: MediaKey) async throws -> MediaFile?

    /// A kept file with all of its bytes, for whoever reads it from its beginning; nil when there is none of this name.
    /// As ``find(_:)`` and ``read(_:range:)``, but in one step where each would be a request. The body can be iterated once.
    func open(_ key: MediaKey) async throws -> OpenMedia?

    /// The bytes of `range` of a found file, streamed in chunks of at most 256 KiB.
    func read(_ file: MediaFile, range: Range<Int64>) -> MediaBody

    /// Removes a file and everything made from it, unless it was kept (again) after `instant`.
    /// Returns false when it stays for that reason; a missing file counts as removed.
    func remove(_ id: MediaID, fileExtension: String, unlessKeptAfter instant: Timestamp) async throws -> Bool

    /// Where a program on this machine can read the file; nil when it lies elsewhere.
    func localPath(of file: MediaFile) -> String?
}

extension MediaStore {
    package func open(_ key: MediaKey) async throws -> OpenMedia? {
        try await find(key).map { OpenMedia(file: $0, body: read($0, range: 0..<$0.byteCount)) }
    }
}

/// A kept file and its bytes on their way.
package struct OpenMedia: Sendable {
    package var file: MediaFile
    package var body: MediaBody

    package init(file: MediaFile, body: MediaBody) {
        self.file = file
        self.body = body
    }
}

/// A kept file that can be read.
package struct MediaFile: Hashable, Sendable {
    package var key: MediaKey
    package var mimeType: String
    package var byteCount: Int64

    package init(key: MediaKey, mimeType: String, byteCount: Int64) {
        self.key = key
        self.mimeType = mimeType
        self.byteCount = byteCount
    }
}

package struct MediaFault: Error, CustomStringConvertible {
    package enum Kind: String, Hashable, Sendable {
        case tooLarge, unavailable, empty, unreadable
    }

    package var kind: Kind
    package var cause: (any Error)?

    package init(_ kind: Kind, cause: (any Error)? = nil) {
        self.kind = kind
        self.cause = cause
    }

    package var description: String { "media \(kind.rawValue)" }
}

/// The formats results can be converted to.
package enum PictureFormat: String, Hashable, Sendable, Codable, CaseIterable {
    case webp, png, jpeg

    package var mimeType: String { "image/\(rawValue)" }

    /// The ending of a file's name, without the dot.
    package var fileExtension: String { self == .jpeg ? "jpg" : rawValue }

    /// What the first bytes of a file say; nil when they begin none of these formats.
    package init?(sniffing bytes: [UInt8]) {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
            self = .png
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
            self = .webp
        } else {
            return nil
        }
    }
}

/// Conversion of pictures, where the build and the machine offer it.
package protocol PictureConverter: Sendable {
    /// `quality`: 1...100 for jpeg and webp; ignored for png.
    /// Throws: ``MediaFault``: `unavailable` when nothing here can convert, `unreadable` when the bytes are no picture.
    func convert(_ bytes: [UInt8], to format: PictureFormat, quality: Int) async throws -> [UInt8]
}
