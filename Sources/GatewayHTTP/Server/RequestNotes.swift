import HTTPTypes
import Synchronization

/// Header fields that are found out on the way to an answer and belong on it whatever it becomes.
final class RequestNotes: Sendable {
    private let fields = Mutex(HTTPFields())

    /// Replaces fields of the same names.
    func set(_ new: HTTPFields) {
        fields.withLock { fields in for field in new { fields[field.name] = field.value } }
    }

    var all: HTTPFields { fields.withLock { $0 } }
}
