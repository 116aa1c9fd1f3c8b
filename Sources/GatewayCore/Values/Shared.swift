/// A large value on the heap, held by one word: for values that many requests keep while they wait. Copies share it until
/// one of them is changed; a value that nobody shares is changed in place.
struct Shared<Value: Hashable & Sendable>: Hashable, Sendable {
    /// One element. An array shares its storage among copies and knows whether it is the only one to hold it.
    private var storage: ContiguousArray<Value>

    init(_ value: Value) { storage = [value] }

    var value: Value { storage[0] }

    mutating func change(_ body: (inout Value) -> Void) { body(&storage[0]) }
}
