import GatewayTesting
import Testing

@testable import GatewayCore

@Suite("Secrets of webhooks")
struct WebhookSecretTests {
    @Test(
        "a secret is whsec_ and the base64 of 16 to 64 bytes",
        arguments: [
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true), ("whsec_MDEyMzQ1Njc4OWFiY2RlZg==", true),
            ("whsec_MDEyMzQ1Njc4OWFiY2Rl", false), ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false), ("whsec_", false),
            ("whsec_not base64 at all!", false), ("", false),
            ("whsec_" + String(repeating: "QUJD", count: 22), false),
        ])
    func reading(_ text: String, _ isValid: Bool) {
        let secret = WebhookSecret(Secret(text))
        #expect((secret != nil) == isValid)
        if let secret { #expect(secret.text.reveal() == text) }
    }

    @Test("a secret does not show itself")
    func hidden() throws {
        let text = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let secret = try #require(WebhookSecret(Secret(text)))
        #expect("\(secret)" == "****")
        #expect("\(secret.text)" == "****")
    }

    @Test("the installation's own secret is the same every time and can be read again")
    func ofInstallation() {
        let text = WebhookSecret(ofInstallation: TestVault()).text
        #expect(text == WebhookSecret(ofInstallation: TestVault()).text)
        #expect(WebhookSecret(text) != nil)
    }

    @Test("the signature covers id, time and body")
    func signature() throws {
        let secret = try #require(WebhookSecret(Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")))
        let vault = TestVault()
        let usual = secret.signature(id: "a", seconds: 1, body: [1], using: vault)
        #expect(usual.hasPrefix("v1,"))
        let others = [
            secret.signature(id: "b", seconds: 1, body: [1], using: vault),
            secret.signature(id: "a", seconds: 2, body: [1], using: vault),
            secret.signature(id: "a", seconds: 1, body: [2], using: vault),
            WebhookSecret(ofInstallation: vault).signature(id: "a", seconds: 1, body: [1], using: vault),
        ]
        #expect(Set(others + [usual]).count == 5)
    }
}
