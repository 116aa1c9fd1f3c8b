import GatewayCore

/// The strong entity tag of a kept file (RFC 9110 section 8.8.3): its checksum, as far as its name has it.
struct EntityTag: Hashable, CustomStringConvertible {
    /// With its quotes.
    let description: String

    init(_ file: MediaFile) {
        let digits = file.key.id.contentDigits ?? file.key.id.rawValue[...]
        // What was made from a file may be made anew, by another version of a library.
        description = file.key.variant.name.map { "\"\(digits)-\($0)-\(file.byteCount)\"" } ?? "\"\(digits)\""
    }

    /// Whether `If-None-Match` names this file. The comparison is the weak one.
    func matches(ifNoneMatch field: String) -> Bool {
        field.split(separator: ",").contains { part in
            var tag = part[...].drop { $0 == " " || $0 == "\t" }
            while tag.last == " " || tag.last == "\t" { tag = tag.dropLast() }
            if tag == "*" { return true }
            if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
            return tag == description
        }
    }

    /// Whether `If-Range` names this file; a date or a weak tag never does.
    func matches(ifRange field: String) -> Bool {
        field.split(separator: " ", omittingEmptySubsequences: true) == [description[...]]
    }
}
