import GatewayCore

/// An http(s) URL of which every part is known, so that what was checked is what is asked for: no other parser has a say
/// in where it leads.
struct FetchURL: Hashable, Sendable, CustomStringConvertible {
    static let mostBytes = 8192

    let isSecure: Bool
    /// Lower case; an address of version 6 stands without its brackets.
    let host: String
    let port: Int
    /// Path and query, beginning with `/`, in characters that need no further encoding.
    let target: String

    /// Nil for every other scheme, user information, hosts of other characters than letters, digits, `.`, `-` and `_` or a
    /// bracketed address, ports outside of 1...65535, control characters, and more than ``mostBytes``.
    init?(_ text: String) {
        var rest = Self.trimmed(text)[...]
        guard rest.count <= Self.mostBytes, !rest.contains(where: { $0 < 0x20 || $0 == 0x7F }),
            let colon = rest.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        switch String(decoding: rest[..<colon], as: UTF8.self).lowercased() {
        case "http": isSecure = false
        case "https": isSecure = true
        default: return nil
        }
        rest = rest[(colon + 1)...]
        guard rest.starts(with: "//".utf8) else { return nil }
        rest = rest.dropFirst(2)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        guard let place = Self.place(authority) else { return nil }
        host = place.host
        port = place.port ?? (isSecure ? 443 : 80)
        target = Self.target(rest[authority.endIndex...])
    }

    private init(_ place: FetchURL, target: String) {
        (isSecure, host, port, self.target) = (place.isSecure, place.host, place.port, target)
    }

    var isVersion6Literal: Bool { host.utf8.contains(UInt8(ascii: ":")) }

    /// The URL in full; the port only where it is not the scheme's own.
    var text: String {
        let shownHost = isVersion6Literal ? "[\(host)]" : host
        let shownPort = port == (isSecure ? 443 : 80) ? "" : ":\(port)"
        return (isSecure ? "https://" : "http://") + shownHost + shownPort + target
    }

    /// Without the target, which may hold a signature.
    var description: String { "\(isSecure ? "https" : "http")://\(host):\(port)" }

    /// Where a `Location` leads that this URL's server answered with (RFC 3986 section 5.2). Nil as above.
    func following(_ location: String) -> FetchURL? {
        let bytes = Self.trimmed(location)
        guard bytes.count <= Self.mostBytes, !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
        let reference = String(decoding: bytes, as: UTF8.self)
        if bytes.starts(with: "//".utf8) { return FetchURL((isSecure ? "https:" : "http:") + reference) }
        if let end = bytes.firstIndex(where: { ":/?#".utf8.contains($0) }), bytes[end] == UInt8(ascii: ":") {
            return FetchURL(reference)
        }
        let path = String(target.prefix { $0 != "?" })
        switch bytes.first {
        case nil, UInt8(ascii: "#"): return self
        case UInt8(ascii: "/"): return FetchURL(self, target: Self.withoutDots(Self.target(bytes[...])))
        case UInt8(ascii: "?"): return FetchURL(self, target: path + Self.encoded(bytes.prefix { $0 != 0x23 }))
        default:
            let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
            let joined = Array(folder.utf8) + bytes
            return FetchURL(self, target: Self.withoutDots(Self.target(joined[...])))
        }
    }

    private static func trimmed(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)[...]
        while let last = bytes.last, last == 0x20 || (0x09...0x0D).contains(last) { bytes.removeLast() }
        return Array(bytes.drop { $0 == 0x20 || (0x09...0x0D).contains($0) })
    }

    private static func place(_ authority: ArraySlice<UInt8>) -> (host: String, port: Int?)? {
        let host: String
        var rest: ArraySlice<UInt8>
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let literal = String(decoding: authority[authority.startIndex + 1..<end], as: UTF8.self).lowercased()
            guard let address = IPAddress(literal), !address.isVersion4 else { return nil }
            host = address.description
            rest = authority[(end + 1)...]
        } else {
            let name = authority.prefix { $0 != UInt8(ascii: ":") }
            guard (1...253).contains(name.count), name.allSatisfy(isOfName), name.contains(where: isLetterOrDigit)
            else { return nil }
            host = String(decoding: name, as: UTF8.self).lowercased()
            rest = authority[name.endIndex...]
        }
        guard let colon = rest.popFirst() else { return (host, nil) }
        guard colon == UInt8(ascii: ":"), rest.count <= 5, rest.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        if rest.isEmpty { return (host, nil) }
        guard let port = Int(String(decoding: rest, as: UTF8.self)), (1...65535).contains(port) else { return nil }
        return (host, port)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    /// Path and query of what stands behind an authority; the fragment is left out.
    private static func target(_ bytes: ArraySlice<UInt8>) -> String {
        let text = encoded(bytes.prefix { $0 != UInt8(ascii: "#") })
        return text.hasPrefix("/") ? text : "/" + text
    }

    /// Percent signs that begin an encoded byte, and everything that RFC 3986 lets stand in a path or a query, are kept.
    private static func encoded(_ bytes: some Collection<UInt8>) -> String {
        let bytes = Array(bytes)
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let isKept =
                byte == UInt8(ascii: "%")
                ? index + 2 < bytes.count && isHexadecimal(bytes[index + 1]) && isHexadecimal(bytes[index + 2])
                : isLetterOrDigit(byte) || kept.contains(byte)
            if isKept {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static let kept = Set("-._~!$&'()*+,;=:@/?".utf8)

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    /// Resolves `.` and `..` in the path (RFC 3986 section 5.2.4).
    private static func withoutDots(_ target: String) -> String {
        let path = target.prefix { $0 != "?" }
        let query = target[path.endIndex...]
        var kept: [Substring] = []
        var segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()[...]
        while let segment = segments.popFirst() {
            switch segment {
            case ".":
                if segments.isEmpty { kept.append("") }
            case "..":
                if !kept.isEmpty { kept.removeLast() }
                if segments.isEmpty { kept.append("") }
            default: kept.append(segment)
            }
        }
        return "/" + kept.joined(separator: "/") + query
    }
}
