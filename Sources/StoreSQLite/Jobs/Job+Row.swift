import Foundation
import GRDB
import GatewayCore

extension Job {
    /// Reads the columns of ``JobSQL`` by position.
    /// - Throws: when a value has no meaning to this version.
    init(row: Row) throws {
        let request: StoredRequest = try JSONColumn.value(row.decode(atIndex: 6))
        let candidates: [String] = try JSONColumn.value(row.decode(atIndex: 5))
        self.init(
            id: GenerationID(rawValue: try row.decode(atIndex: 0)), owner: try row.decode(atIndex: 1),
            task: request.task, requestedModel: request.requestedModel, notices: request.notices ?? [],
            user: request.user, metadata: request.metadata ?? [:], idempotencyKey: try row.decode(atIndex: 4),
            fingerprint: try row.decode(atIndex: 3), candidates: candidates.map(AccountID.init(rawValue:)),
            sealedWebhook: request.webhook.map { Array($0) }, quotedCredits: try row.decode(Int?.self, atIndex: 22),
            createdAt: Timestamp(milliseconds: try row.decode(atIndex: 2)))
        guard let state = JobState(rawValue: try row.decode(atIndex: 7)) else { throw UnreadableColumn(name: "state") }
        self.state = state
        revision = try row.decode(atIndex: 8)
        account = try row.decode(String?.self, atIndex: 9).map(AccountID.init(rawValue:))
        if let name = try row.decode(String?.self, atIndex: 10) {
            guard let region = Region(rawValue: name) else { throw UnreadableColumn(name: "region") }
            self.region = region
        }
        submitID = try row.decode(String?.self, atIndex: 11).map(SubmitID.init(rawValue:))
        historyID = try row.decode(atIndex: 12)
        submissions = try row.decode(atIndex: 13)
        notBefore = try row.decode(Int64?.self, atIndex: 14).map(Timestamp.init(milliseconds:))
        cancelRequested = try row.decode(Int.self, atIndex: 15) != 0
        startedAt = try row.decode(Int64?.self, atIndex: 16).map(Timestamp.init(milliseconds:))
        submittedAt = try row.decode(Int64?.self, atIndex: 17).map(Timestamp.init(milliseconds:))
        completedAt = try row.decode(Int64?.self, atIndex: 18).map(Timestamp.init(milliseconds:))
        if let text = try row.decode(String?.self, atIndex: 19) { refusals = try JSONColumn.value(text) }
        if let text = try row.decode(String?.self, atIndex: 20) { outputs = try JSONColumn.value(text) }
        if let text = try row.decode(String?.self, atIndex: 21) { fault = try JSONColumn.value(text) }
        if let text = try row.decode(String?.self, atIndex: 23) { cost = try JSONColumn.value(text) }
    }

    /// What ``JobSQL/insert`` and ``JobSQL/save`` begin with: everything that may change.
    func positionArguments() throws -> StatementArguments {
        [
            state.rawValue, account?.rawValue, region?.rawValue, submitID?.rawValue, historyID, submissions,
            notBefore?.milliseconds, cancelRequested ? 1 : 0, startedAt?.milliseconds, submittedAt?.milliseconds,
            completedAt?.milliseconds, try JSONColumn.textUnlessEmpty(refusals),
            try JSONColumn.textUnlessEmpty(outputs), try fault.map { try JSONColumn.text($0) },
        ]
    }

    /// What ``JobSQL/insert`` ends with: everything that never changes, and the revision.
    func requestArguments() throws -> StatementArguments {
        let request = StoredRequest(
            task: task, requestedModel: requestedModel, notices: notices.isEmpty ? nil : notices, user: user,
            metadata: metadata.isEmpty ? nil : metadata, webhook: sealedWebhook.map { Data($0) })
        return [
            id.rawValue, owner, task.kind.rawValue, task.model, createdAt.milliseconds, fingerprint, idempotencyKey,
            try JSONColumn.text(candidates.map(\.rawValue)), try JSONColumn.text(request), revision, quotedCredits,
        ]
    }
}
