import HTTPTypes
import Hummingbird
import Synchronization

/// What a handler leaves for ``GatewayResponder``: header fields that belong on the answer whatever it becomes, and how
/// an answer that has to be waited for is got.
final class RequestNotes: Sendable {
    typealias Later = @Sendable () async throws -> Response

    private let fields = Mutex(HTTPFields())
    private let later = Mutex<Later?>(nil)

    /// Replaces fields of the same names.
    func set(_ new: HTTPFields) {
        fields.withLock { fields in for field in new { fields[field.name] = field.value } }
    }

    var all: HTTPFields { fields.withLock { $0 } }

    /// Has the answer made by `later`, after the handler has returned.
    /// - Returns: what the handler returns; nobody sees it.
    func answer(later: @escaping Later) -> Response {
        self.later.withLock { $0 = later }
        return Response(status: .accepted)
    }

    func takeLater() -> Later? {
        later.withLock { later in
            defer { later = nil }
            return later
        }
    }
}
