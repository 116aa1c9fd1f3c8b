/// Keyed operations with the installation's own key. The key never leaves the implementation.
package protocol SecretVault: Sendable {
    /// Encrypts and authenticates. Two calls with the same text give different bytes.
    func seal(_ secret: Secret) throws -> [UInt8]

    /// Throws: when the bytes were not sealed with this key or were altered.
    func open(_ sealed: [UInt8]) throws -> Secret

    /// A keyed hash (HMAC-SHA256) of the parts, lower-case hexadecimal; equal parts give equal text on one
    /// installation and nothing can be learnt about them without the key. Parts are length-prefixed, so that
    /// ("a", "bc") and ("ab", "c") differ.
    func fingerprint(_ parts: [String]) -> String

    /// Plain HMAC-SHA256 of the bytes with a key that was given out: 32 bytes.
    func authenticate(_ bytes: [UInt8], key: [UInt8]) -> [UInt8]

    /// Plain SHA-256, lower-case hexadecimal.
    func digest(_ bytes: [UInt8]) -> String
}
