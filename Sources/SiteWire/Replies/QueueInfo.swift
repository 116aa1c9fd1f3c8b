import WireJSON

/// Where a task stands in the site's queue. Everything may be missing.
package struct QueueInfo: Sendable, Hashable {
    package enum State: Int, Sendable, Hashable {
        case queued = 1
        case processing = 2
        /// Finished or cancelled.
        case over = 3
    }

    /// Place in the queue; 0 when the task is not queued or the site does not say.
    package var position: Int?
    /// How many wait in all.
    package var length: Int?
    package var state: State?
    /// How often the site itself would ask, in seconds.
    package var pollInterval: Double?
    /// How long the site keeps the task, in seconds.
    package var timeout: Double?

    init?(_ value: JSONValue?) {
        guard let value, value.object != nil else { return nil }
        position = value["queue_idx"]?.looseInt.flatMap { $0 >= 0 ? $0 : nil }
        length = value["queue_length"]?.looseInt.flatMap { $0 >= 0 ? $0 : nil }
        state = value["queue_status"]?.looseInt.flatMap { State(rawValue: $0) }
        pollInterval = value["polling_config"]?["interval_seconds"]?.looseSeconds
        timeout = value["polling_config"]?["timeout_seconds"]?.looseSeconds
    }
}
