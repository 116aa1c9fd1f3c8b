/// What a stored file is of a result: the result itself, or something made from it.
package enum MediaVariant: Hashable, Sendable {
    case original
    /// A small picture for lists.
    case thumbnail
    /// A picture that stands for a video until it plays.
    case poster
    /// The picture in another format; `quality` is 1...100.
    case converted(quality: Int)

    /// `thumbnail`, `poster`, `q90`; nil for the original.
    package var name: String? {
        switch self {
        case .original: nil
        case .thumbnail: "thumbnail"
        case .poster: "poster"
        case .converted(let quality): "q\(quality)"
        }
    }

    /// Nil for a name that ``name`` never gives.
    package init?(name: some StringProtocol) {
        switch name {
        case "thumbnail": self = .thumbnail
        case "poster": self = .poster
        default:
            guard name.first == "q", let quality = Int(name.dropFirst()), (1...100).contains(quality),
                name == "q\(quality)"
            else { return nil }
            self = .converted(quality: quality)
        }
    }
}

/// The name of one stored file: `media_<id>.webp`, or `media_<id>.thumbnail.webp` for what was made from it.
package struct MediaKey: Hashable, Sendable, CustomStringConvertible {
    package var id: MediaID
    package var variant: MediaVariant
    package var fileExtension: String

    package init(_ id: MediaID, _ variant: MediaVariant = .original, fileExtension: String) {
        self.id = id
        self.variant = variant
        self.fileExtension = fileExtension
    }

    /// Reads ``fileName``; nil for anything that it never gives, so that no text from outside becomes a path.
    package init?(fileName: some StringProtocol) {
        let parts = fileName.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let ending = parts.last, Self.isFileExtension(ending) else { return nil }
        id = MediaID(rawValue: String(parts[0]))
        fileExtension = String(ending)
        variant = .original
        if parts.count == 3 {
            guard let named = MediaVariant(name: parts[1]) else { return nil }
            variant = named
        }
        guard id.isWellFormed else { return nil }
    }

    package var fileName: String {
        variant.name.map { "\(id).\($0).\(fileExtension)" } ?? "\(id).\(fileExtension)"
    }

    package var description: String { fileName }

    private static func isFileExtension(_ text: some StringProtocol) -> Bool {
        (1...5).contains(text.utf8.count) && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
    }
}
