/// What is known about one account in use: its credential, what the store has about it, and what is worth knowing only
/// while the process lives.
struct AccountRecord: Sendable {
    var credential: AccountCredential
    var origin: StoredAccount.Origin
    var preview: String
    var labels: AccountLabels
    /// False also while the account is being removed.
    var isEnabled: Bool
    var health: AccountHealth
    var balance: BalanceReading?
    /// The sum that was read last, here or in the site's ledger; nil = never.
    var creditsRead: Int?
    var createdAt: Timestamp
    var lastUsedAt: Timestamp?
    /// When the store last heard of its use.
    var savedAt: Timestamp?
    /// When somebody last named it.
    var touchedAt: Timestamp
    /// The region's day of the last claim of free credits.
    var claimedDay: Int64?
    /// Credits that accepted submissions cost, as far as known, since the balance was read.
    var spentSinceReading = 0
    /// Models that the site refused to this account, until when that is remembered.
    private(set) var refusedModels: [String: Timestamp] = [:]

    private static let mostRefusedModels = 64
    private static let refusedModelLife = Duration.seconds(4 * 3600)

    init(_ stored: StoredAccount, credential: AccountCredential, at now: Timestamp) {
        self.credential = credential
        origin = stored.origin
        preview = stored.preview
        labels = stored.labels
        isEnabled = stored.isEnabled
        health = stored.health
        balance = stored.balance
        creditsRead = stored.balance?.total
        createdAt = stored.createdAt
        lastUsedAt = stored.lastUsedAt > stored.createdAt ? stored.lastUsedAt : nil
        savedAt = nil
        touchedAt = now
    }

    /// Takes over what an administrator changed in the store.
    mutating func take(_ stored: StoredAccount, credential: AccountCredential) {
        self.credential = credential
        origin = stored.origin
        preview = stored.preview
        labels = stored.labels
        isEnabled = stored.isEnabled
    }

    /// Credits that should be left; nil = unknown.
    var credits: Int? { creditsRead.map { max(0, $0 - spentSinceReading) } }

    mutating func refuseModel(_ model: String, at now: Timestamp) {
        if refusedModels.count >= Self.mostRefusedModels { refusedModels = refusedModels.filter { $0.value > now } }
        if refusedModels.count >= Self.mostRefusedModels { refusedModels = [:] }
        refusedModels[model] = now + Self.refusedModelLife
    }

    mutating func allowModel(_ model: String) {
        refusedModels[model] = nil
    }

    /// Whether the site would probably refuse a job: the model is not offered to the account, or its credits do not
    /// cover the price, as far as both are known.
    func isDoubtful(model: String, price: Int?, at now: Timestamp) -> Bool {
        if refuses(model, at: now) { return true }
        guard let credits, let price else { return false }
        return credits < price
    }

    func refuses(_ model: String, at now: Timestamp) -> Bool {
        refusedModels[model].map { $0 > now } ?? false
    }
}
