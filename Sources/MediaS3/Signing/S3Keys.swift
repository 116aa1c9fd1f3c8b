package import GatewayCore

/// What signs requests to a bucket.
package struct S3Keys: Hashable, Sendable {
    /// Public: it stands in every signed request.
    package var accessKeyID: String
    package var secretAccessKey: Secret
    /// Only of temporary keys.
    package var sessionToken: Secret?

    package init(accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }
}
