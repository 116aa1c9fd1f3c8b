import Synchronization

/// The newest reading of each account's credits, whoever asked for it: nothing here asks the site.
package final class BalanceBook: Sendable {
    package struct Reading: Hashable, Sendable {
        package var credits: Int
        package var readAt: Timestamp

        package init(credits: Int, readAt: Timestamp) {
            self.credits = credits
            self.readAt = readAt
        }
    }

    /// More accounts are not remembered; the older half makes room.
    private static let capacity = 20_000

    private let readings = Mutex<[AccountID: Reading]>([:])

    package init() {}

    /// Nil when the balance was never read by this process.
    package subscript(id: AccountID) -> Reading? {
        readings.withLock { $0[id] }
    }

    package var all: [AccountID: Reading] { readings.withLock { $0 } }

    /// Keeps the newer of this reading and the one that is known.
    package func record(_ credits: Int, of id: AccountID, at now: Timestamp) {
        readings.withLock { readings in
            if let known = readings[id], known.readAt > now { return }
            if readings[id] == nil, readings.count >= Self.capacity {
                let newest = readings.sorted { $0.value.readAt > $1.value.readAt }.prefix(Self.capacity / 2)
                readings = Dictionary(uniqueKeysWithValues: newest.map { ($0.key, $0.value) })
            }
            readings[id] = Reading(credits: credits, readAt: now)
        }
    }
}
