import Synchronization

/// Instruments of one name that differ in their labels. There are never more than a fixed number: what would be one
/// more counts under `other`, so that nothing a client sends can fill the memory.
package final class MetricFamily<Key: Hashable & Sendable, Instrument: Sendable>: Sendable {
    private let members: Mutex<[Key: Instrument]>
    private let limit: Int
    private let rest: Key
    private let make: @Sendable () -> Instrument

    /// `rest`: stands for all keys beyond the first `limit` ones.
    package init(limit: Int = 1000, rest: Key, _ make: @escaping @Sendable () -> Instrument) {
        members = Mutex([:])
        self.limit = limit
        self.rest = rest
        self.make = make
    }

    package subscript(key: Key) -> Instrument {
        members.withLock { members in
            if let member = members[key] { return member }
            let key = members.count < limit ? key : rest
            if let member = members[key] { return member }
            let member = make()
            members[key] = member
            return member
        }
    }

    package var all: [Key: Instrument] { members.withLock { $0 } }
}

/// A family whose labels are texts, in the order of their names.
package typealias LabelledFamily<Instrument: Sendable> = MetricFamily<[String], Instrument>

extension MetricFamily where Key == [String] {
    /// `count`: how many labels there are.
    package convenience init(
        labels count: Int, limit: Int = 1000, _ make: @escaping @Sendable () -> Instrument
    ) {
        self.init(limit: limit, rest: Array(repeating: "other", count: count), make)
    }
}
