import SiteWire
import WireJSON

/// The bytes themselves (protocol page `upload.md`, section 4).
extension SiteState {
    /// What the head of a raw upload says.
    struct RawUploadHead: Sendable {
        var storeURI: String
        var hasQuery: Bool
        /// Names in lower case.
        var headers: [String: String]
    }

    /// A raw upload that may go on.
    struct OpenUpload: Sendable {
        var number: Int
        /// The bytes that were announced; more are not read.
        var size: Int
        var crc32: UInt32
        /// How long the answer takes at least.
        var delay: Duration
    }

    /// Judges the head, before any byte of the body is read.
    mutating func openUpload(
        _ head: RawUploadHead, at now: Int64, links: MediaLinks
    ) -> Result<OpenUpload, RawUploadRefusal> {
        guard let place = links.place(uri: head.storeURI), place.kind == .upload || place.kind == .clip,
            let upload = upload(place.number), upload.storeURI == head.storeURI
        else { return .failure(.unknownObject) }
        updateUpload(upload.number) { $0.attempts += 1 }
        let caller = SandboxCaller(sessionID: upload.sessionID, region: upload.region)
        func refuse(_ refusal: RawUploadRefusal, _ violation: String) -> Result<OpenUpload, RawUploadRefusal> {
            withAccount(of: caller, at: now) { $0.note(violation: violation) }
            note(violation: violation)
            return .failure(refusal)
        }
        guard head.headers["authorization"] == upload.authorization else {
            return refuse(.notAuthorized, "Authorization of a raw upload is not that of its announcement")
        }
        guard !head.hasQuery else { return refuse(.notSupported, "upload in parts") }
        guard let text = head.headers["content-crc32"], (1...8).contains(text.utf8.count),
            let crc = UInt32(text, radix: 16)
        else { return refuse(.wrongSum, "Content-CRC32 is missing") }
        if configuration.isStrict {
            guard head.headers["content-type"] == "application/octet-stream" else {
                return refuse(.notSupported, "raw upload is not application/octet-stream")
            }
            guard head.headers["cookie"] == nil else { return refuse(.notAuthorized, "cookie sent to a storage host") }
        }
        if caller.script == .uploadFail { return .failure(.wrongSum) }
        if caller.script == .uploadFlaky {
            let isFirst = withAccount(of: caller, at: now) { account in
                account.rawUploads += 1
                return account.rawUploads == 1
            }
            if isFirst { return .failure(.wrongSum) }
        }
        let delay: Duration =
            caller.script == .uploadSlow ? .milliseconds(configuration.milliseconds(.seconds(5))) : .zero
        return .success(OpenUpload(number: upload.number, size: upload.size, crc32: crc, delay: delay))
    }

    /// Judges the body once it is whole.
    mutating func closeUpload(_ open: OpenUpload, facts: UploadFacts, at now: Int64) -> RawUploadRefusal? {
        guard let upload = upload(open.number) else { return .unknownObject }
        let caller = SandboxCaller(sessionID: upload.sessionID, region: upload.region)
        let fault: (RawUploadRefusal, String)? =
            if facts.size != open.size {
                (.wrongSize, "raw upload is not as long as announced")
            } else if facts.crc32 != open.crc32 {
                (.wrongSum, "Content-CRC32 is not that of the bytes")
            } else {
                nil
            }
        if let fault {
            withAccount(of: caller, at: now) { $0.note(violation: fault.1) }
            note(violation: fault.1)
            return fault.0
        }
        updateUpload(open.number) { $0.facts = facts }
        withAccount(of: caller, at: now) { $0.uploadedBytes += facts.size }
        return nil
    }
}

/// Why bytes are not taken.
enum RawUploadRefusal: Error, Sendable {
    case unknownObject
    case notAuthorized
    case notSupported
    case wrongSum
    case wrongSize

    var answer: StorageAnswer {
        let (status, code, message) =
            switch self {
            case .unknownObject: (404, 4_004, "object not found")
            case .notAuthorized: (403, 4_003, "authorization failed")
            case .notSupported: (400, 4_000, "invalid request")
            case .wrongSum: (400, 4_010, "crc32 mismatch")
            case .wrongSize: (400, 4_011, "size mismatch")
            }
        return StorageAnswer(status: status, body: ["code": .integer(Int64(code)), "message": .string(message)])
    }

    /// What is said to bytes that were taken.
    static func success(crc32: UInt32) -> StorageAnswer {
        let text = String(crc32, radix: 16)
        let padded = String(repeating: "0", count: 8 - text.count) + text
        return StorageAnswer(
            status: 200,
            body: ["code": 2000, "apiversion": "v1", "message": "Success", "data": ["crc32": .string(padded)]])
    }
}
