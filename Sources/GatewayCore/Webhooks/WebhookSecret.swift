#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The key that announcements are signed with, in the form of Standard Webhooks: `whsec_` and base64.
package struct WebhookSecret: Sendable, CustomStringConvertible {
    private static let prefix = "whsec_"
    /// Bytes of key that are accepted.
    package static let length = 16...64

    private let key: [UInt8]

    /// Nil when the text does not begin with `whsec_` or what follows is not the base64 of ``length`` bytes.
    package init?(_ text: Secret) {
        let text = text.reveal()
        guard text.hasPrefix(Self.prefix), text.utf8.count <= 128,
            let data = Data(base64Encoded: String(text.dropFirst(Self.prefix.count))),
            Self.length.contains(data.count)
        else { return nil }
        key = Array(data)
    }

    /// The secret of an installation that was given none: the same on every start, unknown without the vault's key.
    package init(ofInstallation vault: any SecretVault) {
        key = vault.authenticate(
            Array("webhook secret of this installation".utf8),
            key: Array(
                vault.fingerprint(["webhook secret"]).utf8))
    }

    /// As people paste it into the program that receives the announcements.
    package var text: Secret { Secret(Self.prefix + Data(key).base64EncodedString()) }

    package var description: String { "****" }

    /// The `webhook-signature` of a message: `v1,` and base64 of HMAC-SHA256 over id, time and body, joined by dots.
    /// `seconds`: since 1970, as in `webhook-timestamp`.
    func signature(id: String, seconds: Int64, body: [UInt8], using vault: any SecretVault) -> String {
        let signed = Array("\(id).\(seconds).".utf8) + body
        return "v1," + Data(vault.authenticate(signed, key: key)).base64EncodedString()
    }
}
