package import GatewayCore
import SiteWire

extension SiteUpstream {
    /// The first page is as long as the website's; whoever needs more takes larger ones.
    private static let ledgerPages = (first: 20, next: 100, limit: 25)

    package func ledger(
        of account: AccountCredential, since instant: Timestamp, includesReceived: Bool
    ) async throws(GenerationFault) -> AccountLedger {
        var ledger = try await ledger(of: account, .spent, since: instant)
        if includesReceived {
            let received = try await self.ledger(of: account, .received, since: instant)
            ledger.entries += received.entries
            ledger.readSince = max(ledger.readSince, received.readSince)
        }
        return ledger
    }

    /// One of the two lists, newest first, down to `instant`.
    private func ledger(
        of account: AccountCredential, _ filter: SiteCaller.LedgerFilter, since instant: Timestamp
    ) async throws(GenerationFault) -> AccountLedger {
        let caller = try caller(for: account)
        var reading = LedgerReading(since: instant.seconds, isRefund: filter == .received)
        var count = Self.ledgerPages.first
        var longest = Self.ledgerPages.next
        var cursor = "0"
        for _ in 1...Self.ledgerPages.limit {
            let (length, place) = (count, cursor)
            let answer = try await transport.read(as: account, policy: .ledger) {
                caller.ledger(count: length, cursor: place, filter: filter, at: Self.unixSeconds)
            }
            let reply: LedgerReply
            do {
                let envelope = try Self.site(answer, context: .check)
                reply = LedgerReply(envelope)
                reading.offset = envelope.serverTime.map { $0 - Self.unixSeconds } ?? reading.offset
            } catch {
                // A length that the site does not take.
                guard error.kind == .rejectedParameters, count > Self.ledgerPages.first else {
                    throw GenerationFault(error)
                }
                longest = Self.ledgerPages.first
                count = longest
                continue
            }
            reading.add(reply)
            guard reply.hasMore, !reading.isComplete, !reply.entries.isEmpty, let next = reply.nextCursor,
                next != cursor, next.utf8.count <= 256
            else {
                reading.isComplete = true
                break
            }
            cursor = next
            count = longest
        }
        return reading.ledger
    }
}

/// Puts the pages of one list together.
struct LedgerReading {
    /// What makes two entries one: the ledger gives them no id.
    private struct Mark: Hashable {
        var submitID: String
        var credits: Int
        var isRefund: Bool
    }

    /// How often an entry is there.
    private struct Count {
        /// By its time, where the page told it.
        var timed: [Int64: Int] = [:]
        /// On the page that showed it most often without a time: probably the same ones.
        var untimed = 0

        var total: Int { max(timed.values.reduce(0, +), untimed) }
    }

    private let since: Int64
    private let isRefund: Bool
    /// How far the site's clock is ahead of ours, in seconds.
    var offset: Int64 = 0
    /// Whether everything since the beginning has been read.
    var isComplete = false
    private var counts: [Mark: Count] = [:]
    private var oldest: Int64?
    private var balance: Int?

    init(since: Int64, isRefund: Bool) {
        self.since = since
        self.isRefund = isRefund
    }

    /// Pages are counted off from the newest entry, so one that is booked while we turn the page shows the last entry of
    /// the page before again. Equal entries of different pages are therefore one.
    mutating func add(_ reply: LedgerReply) {
        balance = balance ?? reply.totalCredit
        var page: [Mark: Count] = [:]
        for entry in reply.entries {
            if let createdAt = entry.createdAt {
                oldest = min(oldest ?? createdAt, createdAt)
                if createdAt < since + offset { isComplete = true }
            }
            guard let submitID = entry.submitID else { continue }
            let mark = Mark(
                submitID: submitID, credits: entry.amount, isRefund: entry.isSpending.map { !$0 } ?? isRefund)
            if let createdAt = entry.createdAt {
                page[mark, default: Count()].timed[createdAt, default: 0] += 1
            } else {
                page[mark, default: Count()].untimed += 1
            }
        }
        for (mark, count) in page {
            var known = counts[mark] ?? Count()
            known.timed.merge(count.timed) { max($0, $1) }
            known.untimed = max(known.untimed, count.untimed)
            counts[mark] = known
        }
    }

    var ledger: AccountLedger {
        let entries = counts.flatMap { mark, count in
            Array(
                repeating: AccountLedger.Entry(
                    submitID: SubmitID(rawValue: mark.submitID), credits: mark.credits, isRefund: mark.isRefund),
                count: count.total)
        }
        let readSince = isComplete ? since : max(since, (oldest ?? since) - offset)
        return AccountLedger(
            entries: entries, readSince: Timestamp(seconds: readSince), balance: balance.flatMap { $0 >= 0 ? $0 : nil })
    }
}
