/// What fills a placeholder of an error text, in both languages of the API.
package struct PlaceholderText: Hashable, Sendable, ExpressibleByStringInterpolation {
    package var english: String
    package var chinese: String

    package init(english: String, chinese: String) {
        self.english = english
        self.chinese = chinese
    }

    /// The same text in both languages.
    package init(_ text: String) {
        english = text
        chinese = text
    }

    package init(stringLiteral value: String) { self.init(value) }

    /// A value that a client sent, fit for being shown back: at most 64 characters, without control characters.
    package static func echo(_ value: String) -> PlaceholderText {
        let shown = value.unicodeScalars.prefix(64).map { scalar -> Character in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "?" : Character(scalar)
        }
        let isCut = value.unicodeScalars.dropFirst(64).first != nil
        return PlaceholderText(String(shown) + (isCut ? "…" : ""))
    }

    package static func list(_ values: some Sequence<String>) -> PlaceholderText {
        PlaceholderText(values.joined(separator: ", "))
    }
}
