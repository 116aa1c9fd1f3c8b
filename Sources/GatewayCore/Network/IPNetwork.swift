/// A range of addresses that share their first bits.
package struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    package let base: IPAddress
    package let prefixLength: Int

    /// Reads `10.0.0.0/8` or `fc00::/7`.
    package init?(_ text: String) {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, let base = IPAddress(String(halves[0])), let length = Int(halves[1]),
            (0...base.bytes.count * 8).contains(length)
        else { return nil }
        self.base = base
        prefixLength = length
    }

    /// Reads a network, or an address as the network that holds nothing else.
    package static func reading(_ text: String) -> IPNetwork? {
        let isAddress = !text.utf8.contains(UInt8(ascii: "/"))
        return IPNetwork(isAddress ? "\(text)/\(text.utf8.contains(UInt8(ascii: ":")) ? 128 : 32)" : text)
    }

    package var description: String { "\(base)/\(prefixLength)" }

    /// An address of the other version is never in it.
    package func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == base.bytes.count else { return false }
        let whole = prefixLength / 8
        guard address.bytes[..<whole] == base.bytes[..<whole] else { return false }
        let rest = prefixLength % 8
        return rest == 0 || (address.bytes[whole] ^ base.bytes[whole]) >> (8 - rest) == 0
    }
}
