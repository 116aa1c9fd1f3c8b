/// The proxy part of a token: `scheme://[user[:password]@]host[:port]`.
enum TokenProxy {
    private static let schemes = ["http", "https", "socks", "socks4", "socks4a", "socks5", "socks5h"]

    static func looksLikeProxy(_ text: Substring) -> Bool {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return false }
        return schemes.contains(text[..<colon].lowercased())
    }

    /// Whether scheme, host and port can be read; nothing is resolved.
    static func isValid(_ text: Substring) -> Bool {
        guard looksLikeProxy(text), let colon = text.firstIndex(of: ":") else { return false }
        var authority = text[colon...].dropFirst(3)
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        guard !authority.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
        if authority.first == "[" {
            guard let close = authority.firstIndex(of: "]") else { return false }
            let address = authority[authority.startIndex..<close].dropFirst()
            let isAddress = address.contains(":") && address.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
            return isAddress && isPort(authority[close...].dropFirst())
        }
        let host = authority.prefix { $0 != ":" }
        let isName = host.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "." || $0 == "_" }
        return !host.isEmpty && isName && isPort(authority.dropFirst(host.count))
    }

    /// Host and port, without name and password: safe to show.
    static func host(of text: String) -> String {
        var authority = text[...]
        if let scheme = authority.firstRange(of: "://") { authority = authority[scheme.upperBound...] }
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        return String(authority.prefix { $0 != "/" })
    }

    /// Nothing, or a colon and 1...65535.
    private static func isPort(_ text: Substring) -> Bool {
        guard !text.isEmpty else { return true }
        let digits = text.dropFirst()
        guard text.first == ":", (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) })
        else { return false }
        return Int(digits).map { (1...65_535).contains($0) } ?? false
    }
}
