/// An account as administrators see it. Holds no secret.
package struct AccountDescription: Hashable, Sendable {
    /// One word for how it fares.
    package enum Status: String, Hashable, Sendable, CaseIterable {
        case healthy
        /// A pause has ended and nothing was submitted since.
        case recovering
        case noCredits = "no_credits"
        case dailyLimit = "daily_limit"
        case rateLimited = "rate_limited"
        case contentRefusals = "content_refusals"
        case riskControl = "risk_control"
        case sessionDead = "session_dead"
        case blocked
        case failing
        case disabled
        /// Its session was sealed with another key: it serves nobody, and can only be removed.
        case unreadable
    }

    package var id: AccountID
    package var region: Region
    package var isSandbox: Bool
    package var origin: StoredAccount.Origin
    /// `****wxyz`.
    package var preview: String
    /// `host:port` of its proxy, without name and password; nil = direct.
    package var proxyHost: String?
    package var labels: AccountLabels
    package var isEnabled: Bool
    package var status: Status
    /// With reasons and times.
    package var health: AccountHealth
    package var balance: BalanceReading?
    /// Generations that the account has at the site or on their way there.
    package var running: Int
    package var createdAt: Timestamp
    package var lastUsedAt: Timestamp?

    init(_ record: AccountRecord, running: Int, at now: Timestamp) {
        id = record.credential.id
        region = record.credential.region
        isSandbox = record.credential.isSandbox
        origin = record.origin
        preview = record.preview
        proxyHost = record.credential.proxy.map { TokenProxy.host(of: $0.reveal()) }
        labels = record.labels
        isEnabled = record.isEnabled
        status = Status(record.health, isEnabled: record.isEnabled, at: now)
        health = record.health
        balance = record.balance
        self.running = running
        createdAt = record.createdAt
        lastUsedAt = record.lastUsedAt
    }

    /// Of an account whose session can't be opened.
    init(unreadable stored: StoredAccount, running: Int) {
        id = stored.id
        region = stored.region
        isSandbox = stored.isSandbox
        origin = stored.origin
        preview = stored.preview
        labels = stored.labels
        isEnabled = stored.isEnabled
        status = .unreadable
        health = stored.health
        balance = stored.balance
        self.running = running
        createdAt = stored.createdAt
        lastUsedAt = stored.lastUsedAt > stored.createdAt ? stored.lastUsedAt : nil
    }
}

extension AccountDescription.Status {
    init(_ health: AccountHealth, isEnabled: Bool, at now: Timestamp) {
        guard isEnabled else {
            self = .disabled
            return
        }
        if health.condition != .healthy, let until = health.until, until <= now {
            self = .recovering
            return
        }
        switch health.condition {
        case .healthy: self = .healthy
        case .noCredits: self = .noCredits
        case .dailyLimit: self = .dailyLimit
        case .rateLimited: self = .rateLimited
        case .contentRefusals: self = .contentRefusals
        case .riskControl: self = .riskControl
        case .sessionDead: self = .sessionDead
        case .blocked: self = .blocked
        case .failing: self = .failing
        }
    }
}
