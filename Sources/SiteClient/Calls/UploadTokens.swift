import GatewayCore
import SiteWire

/// Upload grants by account and kind, each asked for once and used until it nears its end.
///
/// Callers that need the same grant at the same time share one request. The request is not tied to any of them: one
/// caller's cancellation does not fail the others, and a failure is forgotten at once.
actor UploadTokens {
    private struct Key: Hashable {
        var account: AccountID
        var kind: UploadKind
    }

    private struct Grant {
        var credentials: UploadCredentials
        var until: Timestamp
    }

    private var grants: [Key: Grant] = [:]
    private var requests: [Key: Task<Result<UploadCredentials, GenerationFault>, Never>] = [:]
    private static let maximumGrants = 10_000

    /// A grant that is good for now, asking with `fetch` when there is none.
    func credentials(
        for account: AccountID, _ kind: UploadKind, at now: Timestamp,
        fetch: @escaping @Sendable () async -> Result<UploadCredentials, GenerationFault>
    ) async throws(GenerationFault) -> UploadCredentials {
        let key = Key(account: account, kind: kind)
        if let grant = grants[key], grant.until > now { return grant.credentials }
        if let running = requests[key] { return try await running.value.get() }
        let request = Task { await fetch() }
        requests[key] = request
        let result = await request.value
        requests[key] = nil
        let credentials = try result.get()
        if grants.count >= Self.maximumGrants { grants = grants.filter { $0.value.until > now } }
        grants[key] = Grant(credentials: credentials, until: now + .seconds(credentials.reusableSeconds))
        return credentials
    }

    /// The store refused this grant: the next caller asks for another one.
    func forget(_ credentials: UploadCredentials, of account: AccountID, _ kind: UploadKind) {
        let key = Key(account: account, kind: kind)
        if grants[key]?.credentials == credentials { grants[key] = nil }
    }
}
