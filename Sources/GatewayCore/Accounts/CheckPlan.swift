/// When the background looks at an account of the pool: seldom, never while the site wants it left alone. Pure.
package struct CheckPlan: Hashable, Sendable {
    /// Between two looks at one account, by up to a fifth longer or shorter, so that accounts added together drift apart.
    package var interval: Duration
    /// Between the ends and the beginnings of looks at different accounts.
    package var gap: Duration
    /// Before a look is repeated that found nothing out.
    package var retry: Duration

    package init(
        interval: Duration = .seconds(1800), gap: Duration = .seconds(3), retry: Duration = .seconds(300)
    ) {
        self.interval = interval
        self.gap = gap
        self.retry = retry
    }

    /// When the account is looked at next; nil = not before something about it changes.
    /// `tried`: the last look of this process, which may have found nothing out.
    func due(_ record: AccountRecord, tried: Timestamp?, at now: Timestamp) -> Timestamp? {
        guard record.isEnabled, record.origin == .pool else { return nil }
        var due = record.balance.map { $0.readAt + spread(record.credential.id) } ?? now
        if let tried { due = max(due, tried + min(retry, interval)) }
        if let quiet = record.health.quietUntil(now) { due = max(due, quiet) }
        return due
    }

    /// The interval of one account: the same each time, so that a plan can be asked again.
    private func spread(_ id: AccountID) -> Duration {
        let number = id.rawValue.utf8.reduce(into: UInt32(2_166_136_261)) { hash, byte in
            hash = (hash ^ UInt32(byte)) &* 16_777_619
        }
        return .seconds(interval.inSeconds * (0.8 + 0.4 * Double(number % 1000) / 1000))
    }
}
