import WireJSON

/// Where the bytes of one upload go. The authorization and the key to commit with are secrets of the upload, so
/// description and reflection show only where it goes.
package struct UploadAddress: Sendable, Hashable {
    /// At most this many stores of one answer are kept.
    static let mostStores = 8

    package var kind: UploadKind
    /// Host names with an optional port, the first choice first. Never empty.
    package var hosts: [String]
    /// The name of the object, with the tenant before its only slash.
    package var storeURI: String
    /// Proof for the commit call.
    package var sessionKey: String
    /// The future id of a video or a sound.
    package var vid: String?
    /// `Authorization` of the raw upload.
    var authorization: String
    /// More headers the service wants on the raw upload.
    var headers: [SiteField]

    /// Reads the answer to an apply call for a picture.
    package static func image(_ answer: UploadAnswer) throws(UploadFault) -> UploadAddress {
        guard let place = answer.result["UploadAddress"], let address = UploadAddress(place, kind: .image) else {
            throw answer.fault(.invalidResponse, .apply)
        }
        return address
    }

    /// Reads the answer to an apply call for a video or a sound: one address to use, and others to fall back to.
    package static func media(_ answer: UploadAnswer) throws(UploadFault) -> [UploadAddress] {
        let nodes = answer.result["InnerUploadAddress"]?["UploadNodes"]?.array ?? []
        let addresses = nodes.prefix(mostStores).compactMap { UploadAddress($0, kind: .media) }
        guard !addresses.isEmpty else { throw answer.fault(.invalidResponse, .apply) }
        return addresses
    }

    private init?(_ place: JSONValue, kind: UploadKind) {
        let store = place["StoreInfos"]?[0]
        let named = (place["UploadHosts"]?.array ?? []).prefix(Self.mostStores) + [place["UploadHost"] ?? .null]
        let hosts = named.compactMap { $0.looseText.flatMap(Self.host) }
        guard !hosts.isEmpty, let uri = store?["StoreUri"]?.looseText.flatMap(Self.objectName),
            let authorization = store?["Auth"]?.looseText.flatMap({ Self.headerValue($0) }),
            let sessionKey = place["SessionKey"]?.looseText, sessionKey.utf8.count <= 65_536
        else { return nil }
        self.kind = kind
        self.hosts = hosts
        storeURI = uri
        self.authorization = authorization
        self.sessionKey = sessionKey
        vid = SafeText.identifier(place["Vid"]?.looseText)
        headers = []
        guard let more = place["UploadHeader"]?.object else { return }
        for (name, value) in more where headers.count < 16 {
            guard let text = value.looseText.flatMap({ Self.headerValue($0) }), Self.mayAdd(name) else { continue }
            headers.append(SiteField(name, text))
        }
    }

    /// A host name or address, with an optional port; nothing that could change the rest of a URL.
    private static func host(_ text: String) -> String? {
        guard text.utf8.count <= 255 else { return nil }
        let safe = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"),
                UInt8(ascii: "["), UInt8(ascii: "]"):
                true
            default: false
            }
        }
        return safe && text.first != ":" ? text : nil
    }

    /// An object's name as it stands in a URL's path.
    static func objectName(_ text: String) -> String? {
        guard text.utf8.count <= 1_024, text.first != "/" else { return nil }
        let safe = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !Array("?#%\\\"<>".utf8).contains($0) }
        let climbs = text.split(separator: "/").contains { $0 == ".." || $0 == "." }
        return safe && !climbs ? text : nil
    }

    private static func headerValue(_ text: String) -> String? {
        text.utf8.count <= 8_192 && text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } ? text : nil
    }

    /// Whether the service may set this header: a plain name that neither frames the message nor is ours.
    private static func mayAdd(_ name: String) -> Bool {
        guard SafeText.identifier(name) == name else { return false }
        return ![
            "authorization", "connection", "content-crc32", "content-disposition", "content-length", "content-type",
            "cookie", "expect", "host", "keep-alive", "proxy-authorization", "te", "trailer", "transfer-encoding",
            "upgrade",
        ].contains(name.lowercased())
    }
}

extension UploadAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(kind.rawValue) upload to \(hosts.first ?? "")" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["kind": kind, "hosts": hosts]) }
}
