import WireJSON

/// An answer of the storage services.
struct StorageAnswer: Sendable {
    /// Of HTTP.
    var status: Int
    var body: JSONValue
}

/// A storage call that is refused, with the code of the vendor's gateway.
struct StorageRefusal: Error, Sendable, Hashable {
    enum Code: Int, Sendable {
        case missingParameter = 100_002
        case missingAuthenticationToken = 100_003
        case missingSignature = 100_005
        case invalidTimestamp = 100_006
        case invalidActionOrVersion = 100_008
        case invalidAccessKey = 100_009
        case signatureDoesNotMatch = 100_010
        case accessDenied = 100_013
    }

    var code: Code
    /// What a correct client would not have done; nil when the client is not at fault.
    var violation: String?

    init(_ code: Code, _ violation: String? = nil) {
        self.code = code
        self.violation = violation
    }

    var status: Int {
        switch code {
        case .missingParameter, .invalidTimestamp: 400
        case .missingAuthenticationToken, .missingSignature, .invalidAccessKey, .signatureDoesNotMatch: 401
        case .accessDenied: 403
        case .invalidActionOrVersion: 404
        }
    }

    private var name: String {
        switch code {
        case .missingParameter: "MissingParameter"
        case .missingAuthenticationToken: "MissingAuthenticationToken"
        case .missingSignature: "MissingSignature"
        case .invalidTimestamp: "InvalidTimestamp"
        case .invalidActionOrVersion: "InvalidActionOrVersion"
        case .invalidAccessKey: "InvalidAccessKey"
        case .signatureDoesNotMatch: "SignatureDoesNotMatch"
        case .accessDenied: "AccessDenied"
        }
    }

    private var message: String {
        switch code {
        case .missingParameter: "A required parameter is missing or invalid."
        case .missingAuthenticationToken: "The request has no security token."
        case .missingSignature: "The request is not signed."
        case .invalidTimestamp: "The time of the request is too far from the server's, or is missing."
        case .invalidActionOrVersion: "There is no such action in this version."
        case .invalidAccessKey: "The access key is unknown or has expired."
        case .signatureDoesNotMatch: "The request signature does not match."
        case .accessDenied: "The key does not open this space."
        }
    }

    /// `ResponseMetadata.Error`.
    var json: JSONValue {
        ["CodeN": .integer(Int64(code.rawValue)), "Code": .string(name), "Message": .string(message)]
    }
}
