/// A dotted version as drafts carry it, such as 3.3.28.
struct DraftVersion: Comparable {
    private let parts: [Int]

    /// Nil when this is not one to four numbers with dots between them.
    init?(_ text: String?) {
        guard let text, text.utf8.count <= 32 else { return nil }
        let pieces = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = pieces.compactMap { piece in
            piece.allSatisfy { $0.isASCII && $0.isNumber } ? Int(piece) : nil
        }
        guard (1...4).contains(pieces.count), numbers.count == pieces.count else { return nil }
        parts = numbers + Array(repeating: 0, count: 4 - numbers.count)
    }

    static func < (left: DraftVersion, right: DraftVersion) -> Bool {
        left.parts.lexicographicallyPrecedes(right.parts)
    }
}
