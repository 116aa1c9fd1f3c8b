/// Bytes on their way: chunks of any size, in order. Reading it to the end or dropping it releases what feeds it.
package typealias MediaBody = any AsyncSequence<[UInt8], any Error> & Sendable

/// Where results are kept.
package protocol MediaStore: Sendable {
    /// Copies `body` into the store, streaming. The file appears only when it is whole.
    /// `limit`: most bytes accepted; more is ``MediaFault/Kind/tooLarge`` and leaves nothing behind.
    /// `now`: decides the folder and `createdAt`.
    func keep(_ body: MediaBody, limit: Int64, now: Timestamp) async throws -> StoredMedia

    /// A kept file's size and type; nil when there is none of this name.
    func find(_ id: MediaID, fileExtension: String) async throws -> MediaFile?

    /// The bytes of `range` of a found file, streamed in chunks of at most 256 KiB.
    func read(_ file: MediaFile, range: Range<Int64>) -> MediaBody

    /// Removes a file; a missing one is ignored.
    func remove(_ id: MediaID, fileExtension: String) async throws
}

/// A kept file that can be read.
package struct MediaFile: Hashable, Sendable {
    package var id: MediaID
    package var fileExtension: String
    package var mimeType: String
    package var byteCount: Int64

    package init(id: MediaID, fileExtension: String, mimeType: String, byteCount: Int64) {
        self.id = id
        self.fileExtension = fileExtension
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
}

/// Conversion of pictures, where the build and the machine offer it.
package protocol PictureConverter: Sendable {
    /// `quality`: 1...100 for jpeg and webp; ignored for png.
    /// Throws: ``MediaFault``: `unavailable` when nothing here can convert, `unreadable` when the bytes are no picture.
    func convert(_ bytes: [UInt8], to format: PictureFormat, quality: Int) async throws -> [UInt8]
}
