/// Text that must not be shown: a session id, a proxy URL with its password, a key.
///
/// Every rendering of the value (string interpolation, `print`, mirrors, logs of a containing value) gives
/// `****`; the text itself is reached only through ``reveal()``, which is therefore easy to search for. `Secret` is
/// deliberately not `Codable`, so that it can't slip into a stored or answered document.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// The protected text. Pass it on only to the wire or to ``SecretVault``.
    package func reveal() -> String { text }

    package var description: String { "****" }
    package var debugDescription: String { "****" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
