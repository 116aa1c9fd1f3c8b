/// What identifies an account to the site. Never shows the credential: description, debug description and reflection
/// are redacted; only a request built from it carries the value.
package struct SiteSession: Sendable, Hashable {
    /// Cookie `sessionid`.
    package let id: String
    /// Query `webId` (19 digits), where the region sends one.
    package let webID: String
    /// More cookie pairs to send behind `sessionid`, as text; nil for none.
    package let extraCookie: String?

    /// Nil when a value could not travel in a header: empty, longer than 4,096 (the extra cookie 16,384) bytes, or with
    /// anything but printable ASCII; the id also must not contain blanks, commas or semicolons. No other pattern is
    /// demanded of a session id.
    package init?(id: String, webID: String, extraCookie: String? = nil) {
        func printable(_ text: String, upTo limit: Int) -> Bool {
            !text.isEmpty && text.utf8.count <= limit && text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        }
        guard printable(id, upTo: 4_096), !id.contains(where: { " ,;\"".contains($0) }) else { return nil }
        guard webID.utf8.count <= 32, webID.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        if let extraCookie {
            guard printable(extraCookie, upTo: 16_384) else { return nil }
        }
        self.id = id
        self.webID = webID
        self.extraCookie = extraCookie
    }

    /// A web id from 64 random bits: uniform (but for one part in 18) in 7000000000000000000 ... 7999999999999999999.
    package static func webID(random: UInt64) -> String {
        String(7_000_000_000_000_000_000 + random % 1_000_000_000_000_000_000)
    }

    /// Value of the `Cookie` header: `sessionid` alone is what the site looks at.
    package var cookie: String {
        guard let extraCookie else { return "sessionid=\(id)" }
        return "sessionid=\(id); \(extraCookie)"
    }
}

extension SiteSession: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "SiteSession(redacted)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
