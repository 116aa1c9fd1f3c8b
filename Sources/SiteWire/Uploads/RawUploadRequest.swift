/// The call that carries a file's bytes, without the bytes: the caller streams them as the body, unchanged. Holds the
/// upload's authorization, so description and reflection show only where it goes.
package struct RawUploadRequest: Sendable, Hashable {
    package var method: SiteRequest.Method { .post }
    /// Host with an optional port, as the service named it.
    package var host: String
    /// Starts with a slash, no query; may be sent as it stands.
    package var path: String
    /// In the order they are sent. `Host` and `Content-Length` are left to the HTTP client.
    package var headers: [SiteField]

    /// The absolute URL. `base` takes the place of scheme, host, port and prefix.
    package func url(base: SiteBaseURL? = nil) -> String { (base?.text ?? "https://\(host)") + path }

    /// The value of a header, ignoring the case of its name.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

extension RawUploadRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(method.rawValue) \(host)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["method": method, "host": host]) }
}
