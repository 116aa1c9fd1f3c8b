import GatewayCore
import GatewayTesting
import HTTPTypes

@testable import GatewayHTTP

/// The API with keys and a pool of two accounts, one of them tagged.
struct KeyedGateway {
    static let control = "control-secret"

    let gateway: Gateway
    let keys: KeyRing

    init(poolIsEmpty: Bool = false, _ configure: (inout HTTPConfiguration) -> Void = { _ in }) {
        self.init(plan: { $0.finish() }, poolIsEmpty: poolIsEmpty, configure)
    }

    /// `plan`: what becomes of a new job at once.
    init(
        plan: @escaping @Sendable (inout Job) -> Void, poolIsEmpty: Bool = false,
        _ configure: (inout HTTPConfiguration) -> Void
    ) {
        var ring: KeyRing?
        gateway = Gateway(
            generations: { FakeGenerations(time: $0, plan: plan) },
            prepare: { services in
                let keys = KeyRing(
                    store: MemoryStore(), vault: services.vault, time: services.time, logger: services.logger)
                ring = keys
                services.keys = keys
                services.controlSecret = Secret(Self.control)
                services.pool = FakePool(isEmpty: poolIsEmpty)
            }, configure)
        guard let ring else { preconditionFailure("services are prepared while the gateway is made") }
        keys = ring
    }

    /// Makes a key and gives its secret.
    func key(_ change: (inout KeyDraft) -> Void = { _ in }) async throws -> String {
        var draft = KeyDraft(name: "team")
        change(&draft)
        return try await keys.create(draft).secret.text.reveal()
    }
}

struct FakePool: AccountPool {
    var isEmpty = false

    static let tagged = AccountCredential.sample(1, region: .cn)
    static let plain = AccountCredential.sample(2, region: .us)

    func candidates(for query: PoolQuery) -> [AccountCredential] {
        guard !isEmpty else { return [] }
        let accounts: [(AccountCredential, Set<String>)] = [(Self.tagged, ["art"]), (Self.plain, [])]
        return accounts.filter { account, tags in
            query.regions?.contains(account.region) ?? true && query.account.map { $0 == account.id } ?? true
                && (query.tags.isEmpty || !query.tags.isDisjoint(with: tags))
        }.map(\.0)
    }
}
