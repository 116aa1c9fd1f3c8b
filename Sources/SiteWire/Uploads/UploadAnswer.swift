package import WireJSON

/// What every answer of the two upload services is wrapped in (protocol page `upload.md`, section 3).
package struct UploadAnswer: Sendable {
    package var result: JSONValue
    package var requestID: String?

    /// Opens an answer; throws the fault it amounts to. The caller has bounded the body's size.
    package static func open(
        status: Int, body: UnsafeRawBufferPointer, step: UploadFault.Step
    ) throws(UploadFault) -> UploadAnswer {
        guard let value = try? JSONValue.parse(body), value.object != nil else {
            throw UploadFault(kind: kind(status: status) ?? .invalidResponse, step: step)
        }
        let metadata = value["ResponseMetadata"]
        let requestID = metadata?["RequestId"]?.looseText
        if let error = metadata?["Error"], error.object != nil {
            let code = error["CodeN"]?.looseInt
            let meant = meaning(code: code, name: error["Code"]?.looseText)
            throw UploadFault(
                kind: meant ?? kind(status: status) ?? .refused, step: step, code: code, requestID: requestID)
        }
        if let kind = kind(status: status) { throw UploadFault(kind: kind, step: step, requestID: requestID) }
        guard let result = value["Result"], result.object != nil else {
            throw UploadFault(kind: .invalidResponse, step: step, requestID: requestID)
        }
        return UploadAnswer(result: result, requestID: requestID)
    }

    /// As the form for raw buffers.
    package static func open(
        status: Int, body: [UInt8], step: UploadFault.Step
    ) throws(UploadFault) -> UploadAnswer {
        let result = body.withUnsafeBytes { buffer in
            Result { () throws(UploadFault) in try open(status: status, body: buffer, step: step) }
        }
        return try result.get()
    }

    func fault(_ kind: UploadFault.Kind, _ step: UploadFault.Step, code: Int? = nil) -> UploadFault {
        UploadFault(kind: kind, step: step, code: code, requestID: requestID)
    }

    private static func meaning(code: Int?, name: String?) -> UploadFault.Kind? {
        switch code {
        case 100_006: return .clock
        case 100_010: return .signature
        case 100_003, 100_005, 100_009, 100_013: return .credentials
        case 100_002, 100_004, 100_007, 100_008: return .refused
        default: break
        }
        switch name {
        case "InvalidTimestamp": return .clock
        case "SignatureDoesNotMatch": return .signature
        case "InvalidAccessKey", "AccessDenied", "MissingAuthenticationToken", "MissingSignature": return .credentials
        default: return nil
        }
    }

    private static func kind(status: Int) -> UploadFault.Kind? {
        switch status {
        case 401, 403: .credentials
        case 400...: .httpStatus(status)
        default: nil
        }
    }
}
