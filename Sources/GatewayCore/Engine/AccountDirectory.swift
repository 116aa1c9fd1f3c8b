import Synchronization

/// Credentials and health of the accounts in use, in memory; the store has them sealed.
final class AccountDirectory: Sendable {
    struct Record {
        var credential: AccountCredential
        var restriction: AccountRestriction?
        var riskCount = 0
        var lastUsedAt: Timestamp?
        var savedAt: Timestamp?
        /// The day (of the account's region) of the last claim of free credits.
        var claimedDay: Int64?

        /// Until when nothing may be asked of the account that can wait: its session is dead, or the site has taken
        /// offence. Nil when there is no such reason.
        func pausedUntil(_ now: Timestamp) -> Timestamp? {
            guard let restriction, restriction.until > now else { return nil }
            switch restriction.reason {
            case .sessionExpired, .blocked, .riskControl: return restriction.until
            case .noCredits, .dailyLimit, .busy: return nil
            }
        }
    }

    private let records = Mutex<[AccountID: Record]>([:])

    subscript(id: AccountID) -> Record? {
        records.withLock { $0[id] }
    }

    /// Takes a credential over.
    /// - Returns: whether it has to be written to the store: it is new, changed, or was saved more than an hour ago.
    func register(_ credential: AccountCredential, at now: Timestamp) -> Bool {
        records.withLock { records in
            guard let record = records[credential.id], record.credential == credential, let savedAt = record.savedAt,
                now - savedAt < .seconds(3600)
            else {
                records[credential.id, default: Record(credential: credential)].credential = credential
                return true
            }
            return false
        }
    }

    func restore(_ credential: AccountCredential, restriction: AccountRestriction?) {
        records.withLock { $0[credential.id] = Record(credential: credential, restriction: restriction) }
    }

    func saved(_ id: AccountID, at now: Timestamp) {
        records.withLock { $0[id]?.savedAt = now }
    }

    func used(_ id: AccountID, at now: Timestamp) {
        records.withLock { records in
            records[id]?.lastUsedAt = now
            records[id]?.riskCount = 0
            records[id]?.restriction = nil
        }
    }

    /// Marks a submission in flight, without judging the account's health.
    func chosen(_ id: AccountID, at now: Timestamp) {
        records.withLock { $0[id]?.lastUsedAt = now }
    }

    /// Applies what a refusal means. Returns the new restriction when there is one.
    func refused(_ id: AccountID, with kind: GenerationFault.Kind, at now: Timestamp) -> AccountRestriction? {
        records.withLock { records in
            guard var record = records[id] else { return nil }
            guard let restriction = kind.restriction(at: now, repeated: record.riskCount) else { return nil }
            if kind == .riskControl { record.riskCount += 1 }
            record.restriction = restriction
            records[id] = record
            return restriction
        }
    }

    /// Whether the day's credits may be claimed now; marks them as claimed.
    func takeDailyClaim(_ id: AccountID, at now: Timestamp) -> Bool {
        records.withLock { records in
            guard let record = records[id] else { return false }
            let day = record.credential.region.day(of: now)
            guard record.claimedDay != day else { return false }
            records[id]?.claimedDay = day
            return true
        }
    }
}
