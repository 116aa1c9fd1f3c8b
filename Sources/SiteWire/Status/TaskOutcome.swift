/// What one look at a task says (protocol page `field-notes.md`, (b), the rule of 13 rows). Judged from this one record
/// alone; rules that need memory are left to the caller and named at their case.
package enum TaskOutcome: Sendable, Hashable {
    /// Look again later; only the caller's own deadline ends this, and then as unknown, not as failed.
    case running
    /// The pictures or videos are there. Possibly fewer than asked.
    case succeeded([SiteItem])
    /// The site says success and shows no usable item. Look a few more times (three, two seconds apart), then it is a
    /// failure: the result is empty, or `isWithheld` when the record names its items as failed.
    case emptySuccess(isWithheld: Bool)
    /// The task is over without success. Items that exist all the same may be delivered as a partial result.
    case failed(SiteFault, items: [SiteItem])
    /// Cancelled by the user, here or on the website.
    case canceled
    /// Deleted on the site.
    case gone
    /// The site marks the task as refused before it began but names no reason and may change its mind: a refusal of
    /// content when it stays so for about 30 seconds.
    case rejectedUnconfirmed
    /// Some items are there and the site waits (status 45). Goes on by itself as a rule; when the counts have not
    /// changed for long (5 minutes for pictures, 15 for videos) it is a partial success with these items. Never answer it
    /// with a second submission.
    case stalling([SiteItem])

    /// Judges a record; nil means that the id asked for has no entry yet.
    package init(_ record: HistoryRecord?) {
        guard let record else {
            self = .running
            return
        }
        let outer = record.recordStatus
        let inner = record.taskStatus ?? outer
        let items = record.items
        let isEmpty = items.isEmpty
        if outer == 30 || inner == 30 || inner == 40 {
            self = Self.ended(record, inner: inner)
        } else if outer == 50 || inner == 50 {
            self = isEmpty ? .emptySuccess(isWithheld: record.withheldItemCount > 0) : .succeeded(items)
        } else if outer == 100 || inner == 100 {
            self = .gone
        } else if inner == 10 {
            if record.hasFailure {
                self = .failed(record.fault(otherwise: .contentPolicyViolation), items: items)
            } else {
                self = isEmpty ? .rejectedUnconfirmed : .succeeded(items)
            }
        } else if [60, 70, 80].contains(inner) {
            let isOver = record.hasFailure || record.finishedAt != nil
            self = isOver && isEmpty ? .failed(record.fault(), items: []) : .running
        } else if Self.isComplete(record) {
            self = .succeeded(items)
        } else {
            self = inner == 45 && !isEmpty ? .stalling(items) : .running
        }
    }

    /// All pictures are there and the task has an end, though nobody updated its status.
    private static func isComplete(_ record: HistoryRecord) -> Bool {
        record.totalCount > 0 && record.finishedCount >= record.totalCount
            && record.items.count >= record.totalCount && record.finishedAt != nil
    }

    /// A task with items is never called cancelled, lest something paid for be thrown away.
    private static func ended(_ record: HistoryRecord, inner: Int?) -> TaskOutcome {
        if record.items.isEmpty {
            if record.hints.contains(.canceled) { return .canceled }
            if record.queue?.state == .over, !record.hasFailure, inner != 40 { return .canceled }
        }
        // Without a reason: 40 withholds a result, 10 refuses an input.
        let otherwise: SiteFault.Kind? =
            switch inner {
            case 40: .outputFiltered
            case 10: .contentPolicyViolation
            default: nil
            }
        return .failed(record.fault(otherwise: otherwise), items: record.items)
    }
}
