import AsyncHTTPClient
import GatewayCore
import NIOHTTP1

/// A proxy as a token or the configuration names it (regions.md section 1): `scheme://[user[:password]@]host[:port]`.
struct ProxyAddress: Sendable, Hashable {
    /// What is spoken with the proxy.
    enum Kind: Sendable, Hashable {
        /// CONNECT in plain text.
        case http
        /// CONNECT inside TLS.
        case https
        case socks4
        case socks5
    }

    var kind: Kind
    var host: String
    var port: Int
    /// Both decoded; nil without user information. SOCKS4 has a user and no password.
    var user: Secret?
    var password: Secret?

    /// Nil when the text names no proxy, or one whose user or password its protocol can't carry.
    init?(_ secret: Secret) {
        let text = secret.reveal()
        guard let schemeEnd = text.firstRange(of: "://") else { return nil }
        var rest = text[schemeEnd.upperBound...]
        switch text[..<schemeEnd.lowerBound].lowercased() {
        case "http": (kind, port) = (.http, 80)
        case "https": (kind, port) = (.https, 443)
        case "socks4", "socks4a": (kind, port) = (.socks4, 1080)
        case "socks", "socks5", "socks5h": (kind, port) = (.socks5, 1080)
        default: return nil
        }
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            rest = rest[rest.index(after: at)...]
            guard let name = String(parts[0]).removingPercentEncoding(),
                let word = (parts.count > 1 ? String(parts[1]) : "").removingPercentEncoding()
            else { return nil }
            user = Secret(name)
            password = Secret(word)
        }
        while rest.hasSuffix("/") { rest.removeLast() }
        host = String(rest)
        if let colon = rest.lastIndex(of: ":"), !rest.hasSuffix("]") {
            guard let number = Int(rest[rest.index(after: colon)...]), (1...65535).contains(number) else { return nil }
            port = number
            host = String(rest[..<colon])
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty, host.utf8.count <= 255, carriesLogin else { return nil }
    }

    /// Whether user and password fit into the protocol's fields.
    private var carriesLogin: Bool {
        guard let user = user?.reveal(), let password = password?.reveal() else { return true }
        switch kind {
        case .http, .https: return !user.contains(":")
        case .socks4: return !user.utf8.contains(0) && user.utf8.count <= 255 && password.isEmpty
        case .socks5: return (1...255).contains(user.utf8.count) && password.utf8.count <= 255
        }
    }

    /// What the HTTP client can do by itself; nil when ``ProxyBridge`` has to speak for it.
    var direct: HTTPClient.Configuration.Proxy? {
        switch kind {
        case .http:
            let login = user.map { user in
                HTTPClient.Authorization.basic(username: user.reveal(), password: password?.reveal() ?? "")
            }
            return .server(host: host, port: port, authorization: login)
        case .socks5 where user == nil: return .socksServer(host: host, port: port)
        case .https, .socks4, .socks5: return nil
        }
    }

    /// The conversation that opens a way to `target`.
    func handshake(to target: ProxyTarget) -> any ProxyHandshake {
        switch kind {
        case .http, .https: ConnectHandshake(target: target, user: user, password: password)
        case .socks4: SOCKS4Handshake(target: target, user: user)
        case .socks5: SOCKS5Handshake(target: target, user: user, password: password)
        }
    }
}

/// Where a proxy shall lead. The proxy resolves the name.
struct ProxyTarget: Sendable, Hashable {
    /// A name or an address without brackets, 1 to 255 ASCII characters.
    let host: String
    let port: Int

    /// Nil unless `authority` is `host:port`, the host with or without brackets.
    init?(_ authority: Substring) {
        guard let colon = authority.lastIndex(of: ":"),
            let port = Int(authority[authority.index(after: colon)...]), (1...65535).contains(port)
        else { return nil }
        var host = authority[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard (1...255).contains(host.utf8.count), host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        self.host = String(host)
        self.port = port
    }

    /// As a CONNECT line and a Host header want it.
    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    var portBytes: [UInt8] { [UInt8(port >> 8), UInt8(port & 0xFF)] }
}

extension String {
    /// Decodes `%41`; nil when a percent sign is not followed by two hexadecimal digits or the result is not UTF-8.
    fileprivate func removingPercentEncoding() -> String? {
        var bytes: [UInt8] = []
        var rest = Substring(self).utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst(), let low = rest.popFirst(),
                let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
