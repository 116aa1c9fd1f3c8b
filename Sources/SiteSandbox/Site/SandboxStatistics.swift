import Crypto
import SiteWire
import WireJSON

/// What the sandbox has counted, for tests and benchmarks.
package struct SandboxStatistics: Sendable {
    /// The counts of one session in one region.
    package struct Session: Sendable {
        package var script: SandboxScript
        package var region: String
        /// All calls that named this session and were not refused at the door.
        package var requests: Int
        /// Calls of `generate`, accepted or not.
        package var submits: Int
        /// Jobs that were created.
        package var jobs: Int
        /// Calls of `get_history_by_ids`, and the ids in them.
        package var polls: Int
        package var polledIDs: Int
        package var creditReads: Int
        /// Calls of `get_upload_token`, files sent up whole, their bytes, checks of materials.
        package var uploadTokens: Int
        package var uploads: Int
        package var uploadedBytes: Int
        package var audits: Int
        package var credits: Int
        /// What a correct client would not have done; the texts are bounded, the count is not.
        package var violationCount: Int
        package var violations: [String]
    }

    /// Calls by path; storage calls by action, `upload` for raw uploads, `media` for pictures and videos.
    package var requests: [String: Int]
    /// By session id; one that does not begin with `sandbox-` is shown as a hash, as somebody may have sent a real one.
    package var sessions: [String: Session]
    /// Jobs remembered now.
    package var keptJobs: Int
    /// Violations of callers that could not be told from each other included.
    package var violations: [String]
    package var violationCount: Int

    init(_ state: SiteState, at now: Int64) {
        requests = state.requests
        keptJobs = state.jobs.count
        violations = state.violations
        violationCount = state.violationCount
        sessions = [:]
        for account in state.accounts.values {
            var name = Self.name(account.sessionID)
            if account.region != .cn { name = "\(account.region.rawValue)-\(name)" }
            sessions[name] = Session(
                script: account.script, region: account.region.rawValue, requests: account.requests,
                submits: account.submits, jobs: account.jobs, polls: account.polls, polledIDs: account.polledIDs,
                creditReads: account.creditReads, uploadTokens: account.uploadTokens, uploads: account.uploads,
                uploadedBytes: account.uploadedBytes, audits: account.audits, credits: account.credits,
                violationCount: account.violationCount,
                violations: account.violations)
        }
    }

    private static func name(_ sessionID: String) -> String {
        guard !sessionID.hasPrefix("sandbox-") else { return sessionID }
        let digits = SHA256.hash(data: Array(sessionID.utf8)).prefix(4).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "session-" + digits.joined()
    }

    var json: JSONValue {
        func counts(_ counts: [String: Int]) -> JSONValue {
            .object(JSONObject(counts.sorted { $0.key < $1.key }.map { ($0.key, .integer(Int64($0.value))) }))
        }
        func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
        let sessions = sessions.sorted { $0.key < $1.key }.map { name, session -> (String, JSONValue) in
            (
                name,
                [
                    "script": .string(session.script.rawValue), "region": .string(session.region),
                    "requests": .integer(Int64(session.requests)), "submits": .integer(Int64(session.submits)),
                    "jobs": .integer(Int64(session.jobs)), "polls": .integer(Int64(session.polls)),
                    "polled_ids": .integer(Int64(session.polledIDs)),
                    "credit_reads": .integer(Int64(session.creditReads)), "credits": .integer(Int64(session.credits)),
                    "upload_tokens": .integer(Int64(session.uploadTokens)),
                    "uploads": .integer(Int64(session.uploads)),
                    "uploaded_bytes": .integer(Int64(session.uploadedBytes)), "audits": .integer(Int64(session.audits)),
                    "violation_count": .integer(Int64(session.violationCount)),
                    "violations": texts(session.violations),
                ]
            )
        }
        return [
            "requests": counts(requests), "kept_jobs": .integer(Int64(keptJobs)),
            "violation_count": .integer(Int64(violationCount)), "violations": texts(violations),
            "sessions": .object(JSONObject(sessions)),
        ]
    }
}
