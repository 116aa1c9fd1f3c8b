/// An upload service or a store said no. Carries numbers and identifiers only, so everything here may be logged and
/// shown.
package struct UploadFault: Error, Sendable, Hashable {
    package enum Step: String, Sendable, Hashable, CaseIterable {
        /// Asking where to put the bytes.
        case apply
        /// Sending the bytes.
        case store
        /// Telling that they are there.
        case commit
    }

    package enum Kind: Sendable, Hashable {
        /// The signature's time is too far from the service's.
        case clock
        /// The signature does not match: a wrong region name, or one of the service's passing failures.
        case signature
        /// The temporary keys are not accepted.
        case credentials
        /// Some other refusal of the service.
        case refused
        /// The bytes did not arrive as announced.
        case notStored
        /// The bytes arrived but were not taken as a picture; perhaps they cannot be decoded.
        case notAccepted
        case httpStatus(Int)
        /// No JSON, or members missing.
        case invalidResponse
    }

    package enum Retry: String, Sendable, Hashable, CaseIterable {
        /// With a fresh upload token, once; after a signature fault also with the region's other signing name.
        case freshToken
        /// From the apply call on, once.
        case fromApply
        /// This step again after a moment.
        case sameStep
        case never
    }

    package var kind: Kind
    package var step: Step
    /// `CodeN` of the upload service, `code` of the store, or `UriStatus`.
    package var code: Int?
    /// The service's id of the answer.
    package var requestID: String?

    package init(kind: Kind, step: Step, code: Int? = nil, requestID: String? = nil) {
        self.kind = kind
        self.step = step
        self.code = code
        self.requestID = SafeText.identifier(requestID)
    }

    package var retry: Retry {
        switch kind {
        case .clock, .signature, .credentials: .freshToken
        case .notStored: .fromApply
        case .httpStatus(let status) where status >= 500 || status == 429: .sameStep
        case .httpStatus, .invalidResponse: step == .store ? .fromApply : .never
        case .refused, .notAccepted: .never
        }
    }
}

extension UploadFault.Kind {
    /// A name from a closed set, fit for metrics and logs.
    package var label: String {
        switch self {
        case .clock: "upload_clock"
        case .signature: "upload_signature"
        case .credentials: "upload_credentials"
        case .refused: "upload_refused"
        case .notStored: "upload_not_stored"
        case .notAccepted: "upload_not_accepted"
        case .httpStatus: "upload_http_error"
        case .invalidResponse: "upload_invalid_response"
        }
    }
}

extension UploadFault: CustomStringConvertible {
    package var description: String {
        var details: [String] = []
        if case .httpStatus(let status) = kind { details.append("status \(status)") }
        if let code { details.append("code \(code)") }
        if let requestID { details.append("request \(requestID)") }
        let suffix = details.isEmpty ? "" : " (\(details.joined(separator: ", ")))"
        return "\(kind.label) at \(step.rawValue)\(suffix)"
    }
}
