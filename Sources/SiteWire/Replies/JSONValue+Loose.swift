import WireJSON

/// The site writes numbers as strings and strings as numbers; these readers take both.
extension JSONValue {
    /// Text, trimmed of blanks, or a whole number's digits; nil for everything else and for empty text.
    var looseText: String? {
        switch self {
        case .string(let text):
            guard let first = text.utf8.first, let last = text.utf8.last else { return nil }
            if first > 0x20, last > 0x20 { return text }
            let trimmed = String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
            return trimmed.isEmpty ? nil : trimmed
        case .integer(let number): return String(number)
        case .number: return int.map { String($0) }
        default: return nil
        }
    }

    var looseInt: Int? {
        switch self {
        case .string: looseText.flatMap { Int($0) }
        default: int.map { Int($0) }
        }
    }

    /// A finite number of at least 0.
    var looseSeconds: Double? {
        let value: Double?
        switch self {
        case .string: value = looseText.flatMap { Double($0) }
        default: value = double
        }
        guard let value, value.isFinite, value >= 0 else { return nil }
        return value
    }

    /// An absolute http or https URL of at most 8,192 printable ASCII or other non-control characters.
    var webURL: String? {
        guard case .string(let text) = self, text.utf8.count <= 8_192 else { return nil }
        guard text.hasPrefix("https://") || text.hasPrefix("http://") else { return nil }
        return text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } ? text : nil
    }

    /// A whole number of pixels, 1 ... 100,000.
    var pixels: Int? { looseInt.flatMap { (1...100_000).contains($0) ? $0 : nil } }
}
