import GatewayCore
import HTTPTypes
import Hummingbird

/// Makes and checks links to kept files (endpoints.md section 14).
struct MediaLinks: Sendable {
    let vault: any SecretVault
    let mode: HTTPConfiguration.MediaLinkMode
    let publicBaseURL: String?

    /// Whether answers lead to the gateway when it keeps the file.
    var leadsHere: Bool {
        switch mode {
        case .auto: publicBaseURL != nil
        case .upstream: false
        case .local: true
        }
    }

    /// The link of an answer. The site's own stands in as long as there is no copy.
    func url(of output: GenerationOutput, origin: String) -> String {
        guard leadsHere, let stored = output.stored else { return output.remote.url }
        return link(to: stored, origin: origin)
    }

    /// The link to the copy, beside the site's own.
    func archivedURL(of output: GenerationOutput, origin: String) -> String? {
        guard !leadsHere, let stored = output.stored else { return nil }
        return link(to: stored, origin: origin)
    }

    /// The link to a small picture of the copy.
    func thumbnailURL(of output: GenerationOutput, origin: String) -> String? {
        output.stored?.thumbnailKey.map { link(to: $0, origin: origin) }
    }

    func link(to media: StoredMedia, origin: String) -> String { link(to: media.key, origin: origin) }

    /// One signature covers a file and everything made from it.
    func link(to key: MediaKey, origin: String) -> String {
        "\(publicBaseURL ?? origin)/media/\(key.fileName)?e=0&s=\(signature(of: key.id, expiry: "0"))"
    }

    /// Whether a link is ours and still good. `expiry` is in Unix seconds, `0` never ends.
    func isValid(_ id: MediaID, expiry: String, signature given: String, now: Timestamp) -> Bool {
        guard let end = Int64(expiry), ConstantTime.equal(signature(of: id, expiry: expiry), given) else {
            return false
        }
        return end == 0 || end >= now.seconds
    }

    private func signature(of id: MediaID, expiry: String) -> String {
        String(vault.fingerprint(["media", id.rawValue, expiry]).prefix(32))
    }

    /// `http://host:port` as the client sees this server. What is said to be forwarded is believed: ``ProxyTrust`` has taken
    /// it away where it must not be.
    func origin(of request: Request) -> String {
        var scheme = "http"
        var host = request.head.authority ?? ""
        if let forwarded = request.headers[.xForwardedProto]?.lowercased(), ["http", "https"].contains(forwarded) {
            scheme = forwarded
        }
        if let forwarded = request.headers[.xForwardedHost] { host = forwarded }
        let isPlain = host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "["), UInt8(ascii: "]"):
                true
            default: false
            }
        }
        return "\(scheme)://\(isPlain && !host.isEmpty && host.utf8.count <= 255 ? host : "localhost")"
    }
}

extension MediaLinks {
    init(configuration: HTTPConfiguration, vault: any SecretVault) {
        self.init(
            vault: vault, mode: configuration.mediaLinks, publicBaseURL: configuration.publicBaseURL)
    }
}
