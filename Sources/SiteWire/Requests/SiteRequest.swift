/// One call to the site, complete but for the connection it goes over. Holds the credential in its `Cookie` header, so
/// its descriptions and its reflection show only the method and the path.
package struct SiteRequest: Sendable, Hashable {
    package enum Method: String, Sendable, Hashable {
        case get = "GET"
        case post = "POST"
    }

    package var method: Method
    package var host: SiteHost
    package var region: SiteRegion
    /// Starts with a slash, no query.
    package var path: String
    /// In the order they are sent, not yet percent-encoded.
    package var query: [SiteField]
    /// In the order they are sent. `Host` and `Content-Length` are left to the HTTP client.
    package var headers: [SiteField]
    /// Nil: no body and no `Content-Type`.
    package var body: [UInt8]?

    /// The absolute URL. `base` takes the place of scheme, host, port and prefix; path and query stay as they are.
    package func url(base: SiteBaseURL? = nil) -> String {
        let root = base?.text ?? region.profile.baseURL(of: host)
        return query.isEmpty ? root + path : "\(root)\(path)?\(encodedQuery)"
    }

    /// The query as it stands behind the question mark.
    package var encodedQuery: String {
        query.map { "\(PercentEncoding.form($0.name))=\(PercentEncoding.form($0.value))" }.joined(separator: "&")
    }

    /// The value of a header, ignoring the case of its name.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

extension SiteRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(method.rawValue) \(host.rawValue) \(path)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["method": method, "host": host, "path": path]) }
}
