import WireJSON

/// Goes through a whole answer whose shape is not known.
enum JSONWalk {
    /// At most this many values of one answer are visited.
    static let mostValues = 200_000

    /// Calls `visit` with every value, outer ones first and in order, with its name where it is a member.
    static func visit(_ root: JSONValue, _ visit: (_ name: String?, _ value: JSONValue) -> Void) {
        var pending: [(name: String?, value: JSONValue)] = [(nil, root)]
        var count = 0
        while let (name, value) = pending.popLast(), count < mostValues {
            count += 1
            visit(name, value)
            switch value {
            case .array(let elements):
                for element in elements.reversed() { pending.append((nil, element)) }
            case .object(let members):
                for (name, value) in members.reversed() { pending.append((name, value)) }
            default: break
            }
        }
    }
}
