/// OpenAI's `size`: pixels, a tier, or nothing (endpoints.md section 6.5).
package enum SizeParameter: Hashable, Sendable {
    case automatic
    case tier(String)
    case pixels(PixelSize)

    /// Least and most pixels of a side.
    static let sides = 64...8192

    /// Nil when the text is none of the accepted forms.
    package init?(parsing text: String) {
        let trimmed = text.trimmingBlanks().lowercased()
        switch trimmed {
        case "", "auto": self = .automatic
        case "1k", "2k", "4k": self = .tier(trimmed)
        default:
            guard let size = Self.pixels(in: trimmed), Self.isInRange(size) else { return nil }
            self = .pixels(size)
        }
    }

    static func isInRange(_ size: PixelSize) -> Bool {
        sides.contains(size.width) && sides.contains(size.height)
    }

    /// `WxH`, also with `X`, `*` or `×`; both sides up to five digits.
    static func pixels(in text: String) -> PixelSize? {
        let sides = text.split(omittingEmptySubsequences: false) { "xX*×".contains($0) }
        guard sides.count == 2, let width = digits(sides[0]), let height = digits(sides[1]) else { return nil }
        return PixelSize(width: width, height: height)
    }

    private static func digits(_ text: Substring) -> Int? {
        let trimmed = String(text).trimmingBlanks()
        guard (1...5).contains(trimmed.utf8.count), trimmed.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int(trimmed)
    }
}

extension String {
    /// Without blanks, tabs and line ends at both ends.
    package func trimmingBlanks() -> String {
        guard let first = unicodeScalars.first, let last = unicodeScalars.last else { return self }
        guard first.properties.isWhitespace || last.properties.isWhitespace else { return self }
        let kept = unicodeScalars.drop { $0.properties.isWhitespace }
        guard let end = kept.lastIndex(where: { !$0.properties.isWhitespace }) else { return "" }
        return String(String.UnicodeScalarView(kept[...end]))
    }
}
