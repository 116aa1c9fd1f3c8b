package import GatewayCore
import SiteWire

extension SiteUpstream {
    package func observe(
        _ jobs: [WatchedJob], as account: AccountCredential
    ) async throws(GenerationFault) -> [SubmitID: Observation] {
        let caller = try caller(for: account)
        let ids = jobs.map(\.submitID.rawValue)
        var policy = SiteTransport.Policy.poll
        policy.deadline = configuration.pollDeadline
        let answer = try await transport.read(as: account, policy: policy) {
            caller.history(submitIDs: ids, at: Self.unixSeconds)
        }
        let envelope = try Self.open(answer, context: .read)
        let records = HistoryReply(envelope, asked: ids).records
        var observations: [SubmitID: Observation] = [:]
        observations.reserveCapacity(records.count)
        for job in jobs {
            guard let record = records[job.submitID.rawValue] else { continue }
            observations[job.submitID] = Observation(record)
        }
        return observations
    }

    package func cancel(
        historyID: String, kind: MediaKind, as account: AccountCredential
    ) async throws(GenerationFault) {
        let caller = try caller(for: account)
        let media: SiteMedia = kind == .video ? .video : .image
        let answer = try await transport.read(as: account) {
            caller.cancel(historyID: historyID, media: media, at: Self.unixSeconds)
        }
        _ = try Self.open(answer, context: .read)
    }
}
