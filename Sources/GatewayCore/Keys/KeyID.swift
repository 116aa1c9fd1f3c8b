/// Names a gateway key for people and as the owner of what it makes: `key_` and twelve characters of lower-case base 32.
/// Not secret.
package struct KeyID: Hashable, Sendable, RawRepresentable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static func random(using generator: inout some RandomNumberGenerator) -> KeyID {
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
        return KeyID(
            rawValue: "key_" + String((0..<12).map { _ in alphabet[Int.random(in: 0..<32, using: &generator)] }))
    }

    package var description: String { rawValue }
}
