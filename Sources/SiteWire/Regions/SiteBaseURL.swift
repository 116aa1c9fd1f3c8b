/// Scheme, host, optional port and optional path prefix that stand in for every host of the site, for mirrors and tests.
package struct SiteBaseURL: Sendable, Hashable {
    /// `http` or `https`.
    package let scheme: String
    /// Host with its port, as in the text.
    package let authority: String
    /// Empty, or a path that starts with a slash and does not end with one.
    package let prefix: String

    /// Nil unless `text` is `http[s]://host[:port][/prefix]` of at most 2,048 printable ASCII characters, without user
    /// information, query or fragment.
    package init?(_ text: String) {
        guard text.utf8.count <= 2_048, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        let lowered = text.lowercased()
        let scheme = lowered.hasPrefix("https://") ? "https" : lowered.hasPrefix("http://") ? "http" : nil
        guard let scheme else { return nil }
        let rest = text.dropFirst(scheme.count + 3)
        let authority = rest.prefix { $0 != "/" }
        guard !authority.isEmpty, authority.first != ":", !rest.contains(where: { "@?#\\\"<>".contains($0) }) else {
            return nil
        }
        var prefix = String(rest.dropFirst(authority.count))
        while prefix.hasSuffix("/") { prefix.removeLast() }
        self.scheme = scheme
        self.authority = String(authority)
        self.prefix = prefix
    }

    package var text: String { "\(scheme)://\(authority)\(prefix)" }

    /// `url` with scheme, host and port replaced by this base; path and query stay byte for byte. Nil when `url` is not
    /// absolute.
    package func replacingHost(of url: String) -> String? {
        guard let separator = url.firstRange(of: "://") else { return nil }
        let rest = url[separator.upperBound...]
        let tail = rest.drop { $0 != "/" && $0 != "?" && $0 != "#" }
        guard tail.startIndex > rest.startIndex else { return nil }
        return text + (tail.first == "/" ? "" : "/") + tail
    }
}
