/// A large value on the heap, kept by one word: for values that many requests hold while they wait. Never changed;
/// whoever changes a value puts the changed copy into a new one.
final class Shared<Value: Sendable>: Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
}
