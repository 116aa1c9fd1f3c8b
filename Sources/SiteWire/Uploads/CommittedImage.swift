import WireJSON

/// A picture that is uploaded and may be named in drafts.
package struct CommittedImage: Sendable, Hashable {
    package var uri: String
    /// Pixels as the store read them; nil when it did not say.
    package var width: Int?
    package var height: Int?
    /// The encoding as the store names it, such as `png`; empty when it did not say.
    package var format: String

    /// Reads the answer to a commit call for a picture.
    package init(_ answer: UploadAnswer) throws(UploadFault) {
        guard let result = answer.result["Results"]?[0] else { throw answer.fault(.invalidResponse, .commit) }
        let status = result["UriStatus"]?.looseInt
        guard status == 2_000 else { throw answer.fault(.notAccepted, .commit, code: status) }
        guard let uri = result["Uri"]?.looseText.flatMap(UploadAddress.objectName) else {
            throw answer.fault(.invalidResponse, .commit)
        }
        let plugin = answer.result["PluginResult"]?[0]
        self.uri = uri
        width = plugin?["ImageWidth"]?.pixels
        height = plugin?["ImageHeight"]?.pixels
        format = SafeText.identifier(plugin?["ImageFormat"]?.looseText) ?? ""
    }
}
