import AsyncHTTPClient
import GatewayCore
import NIOHTTP1

/// A proxy as a token names it (regions.md section 1): `scheme://[user:password@]host[:port]`.
struct ProxyAddress {
    let proxy: HTTPClient.Configuration.Proxy

    /// Nil when the text is no proxy this client can use: another scheme, no host, or a SOCKS proxy with a password
    /// (the SOCKS client at hand can't authenticate). HTTP and HTTPS proxies are used by CONNECT.
    init?(_ secret: Secret) {
        let text = secret.reveal()
        guard let schemeEnd = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<schemeEnd.lowerBound].lowercased()
        var rest = text[schemeEnd.upperBound...]
        var authorization: HTTPClient.Authorization?
        if let at = rest.lastIndex(of: "@") {
            let user = rest[..<at]
            rest = rest[rest.index(after: at)...]
            let parts = user.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = String(parts[0]).removingPercentEncoding(),
                let password = (parts.count > 1 ? String(parts[1]) : "").removingPercentEncoding()
            else { return nil }
            authorization = .basic(username: name, password: password)
        }
        while rest.hasSuffix("/") { rest.removeLast() }
        let defaultPort = scheme.hasPrefix("socks") ? 1080 : scheme == "https" ? 443 : 80
        var host = String(rest)
        var port = defaultPort
        if let colon = rest.lastIndex(of: ":"), !rest.hasSuffix("]") {
            guard let number = Int(rest[rest.index(after: colon)...]), (1...65535).contains(number) else { return nil }
            port = number
            host = String(rest[..<colon])
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty, host.utf8.count <= 255 else { return nil }
        switch scheme {
        case "http", "https":
            proxy = .server(host: host, port: port, authorization: authorization)
        case "socks", "socks5", "socks5h":
            guard authorization == nil else { return nil }
            proxy = .socksServer(host: host, port: port)
        default:
            return nil
        }
    }
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
