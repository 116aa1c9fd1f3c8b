/// A large value that every route and every waiting request holds, by one word. Its members are read as if it were the
/// value itself.
///
/// Held as they are, the services and the configuration made the frames of one waiting request some forty kilobytes.
@dynamicMemberLookup
final class Boxed<Value: Sendable>: Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }

    subscript<Member>(dynamicMember path: KeyPath<Value, Member>) -> Member {
        @inline(__always) get { value[keyPath: path] }
    }
}
