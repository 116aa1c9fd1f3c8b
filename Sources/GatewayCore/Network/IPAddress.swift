#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An address of version 4 or 6, without port and zone.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// In network order: 4 or 16.
    package let bytes: [UInt8]

    package var isVersion4: Bool { bytes.count == 4 }

    /// Nil unless there are 4 or 16 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads only the two canonical notations (`192.0.2.1`, `2001:db8::1`). The older spellings of version 4 (`0x7f.1`,
    /// `2130706433`, `127.1`) are names to this type; what they lead to is judged once a resolver has said it.
    package init?(_ text: String) {
        // A text with a zero byte would be read up to there.
        guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
        let isVersion6 = text.utf8.contains(UInt8(ascii: ":"))
        var bytes = [UInt8](repeating: 0, count: isVersion6 ? 16 : 4)
        let isRead = bytes.withUnsafeMutableBytes { buffer in
            inet_pton(isVersion6 ? AF_INET6 : AF_INET, text, buffer.baseAddress) == 1
        }
        guard isRead else { return nil }
        self.bytes = bytes
    }

    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let isWritten = bytes.withUnsafeBytes { buffer in
            inet_ntop(isVersion4 ? AF_INET : AF_INET6, buffer.baseAddress, &text, socklen_t(text.count)) != nil
        }
        return isWritten
            ? String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : "unreadable"
    }

    /// The version 4 address that a packet to this one ends up at: of the IPv4-mapped form `::ffff:0:0/96` and of the
    /// well-known NAT64 prefix `64:ff9b::/96`. Nil for every other address.
    package var embeddedVersion4: IPAddress? {
        guard !isVersion4 else { return nil }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        let isTranslated = bytes[..<4] == [0, 0x64, 0xFF, 0x9B] && bytes[4..<12].allSatisfy { $0 == 0 }
        return isMapped || isTranslated ? IPAddress(bytes: Array(bytes[12...])) : nil
    }
}
