/// A header value of the form `value; name=token; name="quoted string"`, as in Content-Type and Content-Disposition.
struct HeaderParameters: Equatable {
    /// Lower case, without blanks around it.
    let value: String
    /// Names in lower case; of a repeated name the first counts.
    private let parameters: [String: [UInt8]]

    /// Nil when a quoted string does not end.
    init?(_ bytes: some Collection<UInt8>) {
        var rest = Array(bytes)[...]
        value = Self.text(Self.trimmed(rest.prefix { $0 != Self.semicolon })).lowercased()
        rest = rest.drop { $0 != Self.semicolon }
        var parameters: [String: [UInt8]] = [:]
        while rest.popFirst() == Self.semicolon {
            let name = Self.text(Self.trimmed(rest.prefix { $0 != Self.semicolon && $0 != Self.equals })).lowercased()
            rest = rest.drop { $0 != Self.semicolon && $0 != Self.equals }
            guard rest.first == Self.equals else { continue }
            rest = rest.dropFirst().drop(while: Self.isBlank)
            let found: [UInt8]
            if rest.first == Self.quote {
                guard let quoted = Self.quotedString(&rest) else { return nil }
                found = quoted
                rest = rest.drop { $0 != Self.semicolon }
            } else {
                found = Array(Self.trimmed(rest.prefix { $0 != Self.semicolon }))
                rest = rest.drop { $0 != Self.semicolon }
            }
            if !name.isEmpty, parameters[name] == nil { parameters[name] = found }
        }
        self.parameters = parameters
    }

    /// A parameter as text; bytes that are no UTF-8 become U+FFFD.
    subscript(_ name: String) -> String? { parameters[name].map { Self.text($0[...]) } }

    /// A parameter of a form part in any of the three ways in which clients write what a quoted string can't hold:
    /// `name*=UTF-8''...` (RFC 5987, which wins), a backslash before `"` and `\`, and browsers' `%22`, `%0D` and `%0A`.
    /// Other percent signs mean themselves.
    func formText(_ name: String) -> String? {
        if let extended = parameters[name + "*"].flatMap(Self.extendedText) { return extended }
        guard let plain = parameters[name] else { return nil }
        return Self.text(Self.decodingPercents(plain) { [0x22, 0x0D, 0x0A].contains($0) }[...])
    }

    // MARK: - Bytes

    private static let semicolon = UInt8(ascii: ";")
    private static let equals = UInt8(ascii: "=")
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return bytes
    }

    /// Takes a quoted string off the front. A backslash before anything but `"` and `\` is one: old browsers put whole
    /// paths there.
    private static func quotedString(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        rest = rest.dropFirst()
        var found: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == quote { return found }
            if byte == backslash, let next = rest.first, next == quote || next == backslash {
                found.append(next)
                rest = rest.dropFirst()
            } else {
                found.append(byte)
            }
        }
        return nil
    }

    /// `UTF-8'en'na%C3%AFve.png`; nil for another character set or without the two apostrophes.
    private static func extendedText(_ bytes: [UInt8]) -> String? {
        let parts = bytes.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        let decoded = decodingPercents(Array(parts[2])) { _ in true }
        switch text(parts[0]).lowercased() {
        case "utf-8": return text(decoded[...])
        case "iso-8859-1": return String(String.UnicodeScalarView(decoded.map { Unicode.Scalar($0) }))
        default: return nil
        }
    }

    private static func decodingPercents(_ bytes: [UInt8], where isDecoded: (UInt8) -> Bool) -> [UInt8] {
        var decoded: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(text(rest.prefix(2)), radix: 16), rest.first != UInt8(ascii: "+"), isDecoded(value)
            {
                decoded.append(value)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        return decoded
    }
}
