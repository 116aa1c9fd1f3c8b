/// Where a bucket is, and in which of the two styles its objects are addressed.
package struct S3Address: Hashable, Sendable {
    /// `https://host[:port]`, the bucket in it when that is the style.
    let origin: String
    /// As the client sends it: the port only when it is not the scheme's own.
    let host: String
    /// Before the object's name, already encoded: empty, or a path without a slash at its end.
    let base: String

    /// `endpoint`: `http(s)://host[:port][/path]` of the service, without the bucket.
    /// `isPathStyle`: `host/bucket/object`, else `bucket.host/object`.
    /// Nil when the endpoint is no such URL, or the bucket has no name that S3 allows.
    package init?(endpoint: String, bucket: String, isPathStyle: Bool) {
        guard let mark = endpoint.firstRange(of: "://"), Self.isBucketName(bucket) else { return nil }
        let scheme = endpoint[..<mark.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else { return nil }
        let rest = endpoint[mark.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        var path = rest.dropFirst(authority.count)
        while path.last == "/" { path = path.dropLast() }
        guard let (name, port) = Self.split(authority), path.utf8.allSatisfy(Self.isPathByte) else { return nil }
        let isOwnPort = port == nil || port == (scheme == "https" ? 443 : 80)
        host = (isPathStyle ? name : "\(bucket).\(name)") + (isOwnPort ? "" : ":\(port ?? 0)")
        origin = "\(scheme)://\(host)"
        base = path + (isPathStyle ? "/\(bucket)" : "")
    }

    /// The path of an object, or of the bucket when the name is empty; encoded, as it is sent and signed.
    func path(of key: String) -> String {
        "\(base)/\(S3Encoding.text(key, keepingSlashes: true))"
    }

    /// What names an object as the source of a copy, encoded.
    func source(of key: String, in bucket: String) -> String {
        "/\(bucket)/\(S3Encoding.text(key, keepingSlashes: true))"
    }

    /// Letters, digits, dots and hyphens, 3 to 63 of them, as S3 has it for all buckets of today.
    static func isBucketName(_ name: String) -> Bool {
        func isInner(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == 0x2D || byte == 0x2E }
        func isAlphanumeric(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) }
        return (3...63).contains(name.utf8.count) && name.utf8.allSatisfy(isInner) && !name.contains("..")
            && [name.utf8.first, name.utf8.last].allSatisfy { $0.map(isAlphanumeric) ?? false }
    }

    /// The host (a name, an IPv4 address, or an IPv6 address in brackets) in lower case, and the port.
    private static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        let end = authority.hasPrefix("[") ? authority.firstIndex(of: "]").map { authority.index(after: $0) } : nil
        let colon = authority[(end ?? authority.startIndex)...].firstIndex(of: ":")
        let name = authority[..<(colon ?? authority.endIndex)].lowercased()
        let inner = end == nil ? name[...] : name.dropFirst().dropLast()
        let isAllowed = inner.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2E || byte == 0x2D
                || byte == (end == nil ? 0x5F : 0x3A)
        }
        guard !inner.isEmpty, isAllowed else { return nil }
        guard let colon else { return (name, nil) }
        guard let port = Int(authority[authority.index(after: colon)...]), (1...65535).contains(port) else {
            return nil
        }
        return (name, port)
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
            || [0x2D, 0x2E, 0x2F, 0x5F, 0x7E].contains(byte)
    }
}
