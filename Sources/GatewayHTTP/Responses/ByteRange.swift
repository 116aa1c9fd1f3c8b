/// One range of a file, as `Range: bytes=...` asks for it (RFC 9110 section 14).
enum ByteRange: Hashable {
    case whole
    case part(Range<Int64>)
    case unsatisfiable

    /// Several ranges, other units and malformed fields count as no range at all.
    init(_ field: String?, size: Int64) {
        self = .whole
        guard let field, field.utf8.count <= 100, field.lowercased().hasPrefix("bytes="), !field.contains(",") else {
            return
        }
        let bounds = field.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard bounds.count == 2, let first = Self.number(bounds[0]), let last = Self.number(bounds[1]) else { return }
        switch (first, last) {
        case (nil, nil): return
        case (nil, let suffix?):
            self = suffix == 0 || size == 0 ? .unsatisfiable : .part(max(0, size - suffix)..<size)
        case (let start?, nil): self = start < size ? .part(start..<size) : .unsatisfiable
        case (let start?, let end?):
            guard start <= end else { return }
            self = start < size ? .part(start..<min(size, end == .max ? end : end + 1)) : .unsatisfiable
        }
    }

    /// Outer nil: no number. Inner nil: nothing there.
    private static func number(_ text: Substring) -> Int64?? {
        if text.isEmpty { return .some(nil) }
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int64(text) else { return nil }
        return .some(value)
    }
}
