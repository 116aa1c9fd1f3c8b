/// The secret of a gateway key: `sk-jm-` and 40 letters and digits, about 238 bits of chance (endpoints.md section 2.2).
package struct KeySecret: Hashable, Sendable {
    package static let prefix = "sk-jm-"
    private static let length = 40
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// Shown once.
    package let text: Secret

    /// `generator`: the operating system's, but in tests.
    package static func random(using generator: inout some RandomNumberGenerator) -> KeySecret {
        let characters = (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
        return KeySecret(text: Secret(prefix + String(decoding: characters, as: UTF8.self)))
    }

    private init(text: Secret) {
        self.text = text
    }

    /// Nil for a text that can't be one.
    package init?(_ text: String) {
        let bytes = text.utf8
        guard bytes.count == Self.prefix.utf8.count + Self.length, text.hasPrefix(Self.prefix),
            bytes.dropFirst(Self.prefix.utf8.count).allSatisfy({ byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            })
        else { return nil }
        self.text = Secret(text)
    }

    /// What is stored of it.
    package func digest(using vault: some SecretVault) -> String {
        vault.digest(Array(text.reveal().utf8))
    }

    /// The prefix and the last four characters.
    package var preview: String { "\(Self.prefix)…\(text.reveal().suffix(4))" }
}
