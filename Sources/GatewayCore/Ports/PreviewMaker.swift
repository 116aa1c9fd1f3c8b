/// Makes the small pictures that stand for kept files.
package protocol PreviewMaker: Sendable {
    /// The previews of a kept file, reading it from `store`. None when it needs none or is of a kind that has none.
    /// Throws: ``MediaFault``: `unavailable` when nothing on this machine can make them or it failed for now,
    ///   `unreadable` and `tooLarge` when no try will succeed; `CancellationError`.
    func previews(of media: StoredMedia, in store: any MediaStore) async throws -> [MadePreview]
}

/// A preview before it is stored.
package struct MadePreview: Sendable {
    package var variant: MediaVariant
    package var format: PictureFormat
    package var bytes: [UInt8]
    package var width: Int?
    package var height: Int?

    package init(variant: MediaVariant, format: PictureFormat, bytes: [UInt8], width: Int? = nil, height: Int? = nil) {
        self.variant = variant
        self.format = format
        self.bytes = bytes
        self.width = width
        self.height = height
    }
}
