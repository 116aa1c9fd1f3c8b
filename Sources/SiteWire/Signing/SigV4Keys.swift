/// Temporary keys for AWS signatures. Nothing shows them: description, debug description and reflection are redacted.
package struct SigV4Keys: Sendable, Hashable {
    package let accessKeyID: String
    package let secretAccessKey: String
    package let sessionToken: String

    package init(accessKeyID: String, secretAccessKey: String, sessionToken: String) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }
}

extension SigV4Keys: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "SigV4Keys(redacted)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
