import WireJSON

/// The answer to a history call: the tasks it knows, by the id they were asked for. An id without an entry is not yet
/// registered, or never was.
package struct HistoryReply: Sendable {
    package var records: [String: HistoryRecord]

    /// Picks the records of `asked` out of the answer. Matched by key, else by the ids inside records that come as a
    /// list; never by position.
    package init(_ envelope: SiteEnvelope, asked: [String]) {
        let data = envelope.payload
        records = [:]
        for id in asked {
            if let record = data[id].flatMap({ HistoryRecord($0) }) { records[id] = record }
        }
        guard records.count < asked.count else { return }
        let missing = Set(asked).subtracting(records.keys)
        for list in ["history_list", "history_records"] {
            for value in (data[list]?.array ?? []).prefix(1_000) {
                guard let record = HistoryRecord(value) else { continue }
                for id in [record.submitID, record.historyID].compactMap(\.self) where missing.contains(id) {
                    records[id] = record
                }
            }
        }
    }
}
