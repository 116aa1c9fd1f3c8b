/// The few texts that are wanted of S3's XML answers. These have no attributes on the elements that are read, nothing
/// nested in an element of the same name, and no comments; so elements are found by their tags, and what does not look
/// like one is not found.
struct S3Document: Sendable {
    let text: Substring

    init(_ bytes: [UInt8]) {
        text = String(decoding: bytes, as: UTF8.self)[...]
    }

    private init(text: Substring) {
        self.text = text
    }

    /// The contents of every element of this name, in order.
    func elements(_ name: String) -> [S3Document] {
        var found: [S3Document] = []
        var rest = text
        while let start = rest.firstRange(of: "<\(name)>"),
            let end = rest[start.upperBound...].firstRange(of: "</\(name)>")
        {
            found.append(S3Document(text: rest[start.upperBound..<end.lowerBound]))
            rest = rest[end.upperBound...]
        }
        return found
    }

    /// The text of the first element of this name, its entities resolved.
    func first(_ name: String) -> String? {
        elements(name).first.map { Self.resolved($0.text) }
    }

    /// Whether there is an element of this name, with or without attributes.
    func has(_ name: String) -> Bool {
        text.contains("<\(name)>") || text.contains("<\(name) ")
    }

    private static func resolved(_ text: Substring) -> String {
        guard text.contains("&") else { return String(text) }
        var result = ""
        var rest = text
        while let mark = rest.firstIndex(of: "&") {
            result += rest[..<mark]
            let entity = rest[rest.index(after: mark)...].prefix { $0 != ";" && $0 != "&" }
            rest = rest[rest.index(after: mark)...].dropFirst(entity.count)
            if rest.first == ";", let character = Self.character(entity) {
                result.append(character)
                rest = rest.dropFirst()
            } else {
                result += "&\(entity)"
            }
        }
        return result + rest
    }

    private static func character(_ entity: Substring) -> Character? {
        switch entity {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            let number =
                entity.hasPrefix("#x")
                ? UInt32(entity.dropFirst(2), radix: 16)
                : entity.hasPrefix("#") ? UInt32(entity.dropFirst()) : nil
            return number.flatMap(Unicode.Scalar.init).map(Character.init)
        }
    }
}
