/// The members of a JSON object in the order they were added.
///
/// A name occurs once: adding it again replaces the value and keeps the place. Two objects are equal when they have
/// the same members, in whatever order. Looking a member up is a short scan in small objects and a hash lookup in
/// large ones, so a hostile object with very many names stays linear.
package struct JSONObject: Sendable {
    fileprivate struct Member: Sendable {
        var key: String
        var value: JSONValue
    }

    private static let largestScan = 16

    private var members: [Member] = []
    /// Position by name, kept only past `largestScan` members.
    private var positions: [String: Int]?

    package init() {}

    /// Of members with the same name the last one wins.
    package init(_ members: [(String, JSONValue)]) {
        self.members.reserveCapacity(members.count)
        for (key, value) in members { set(key, to: value) }
    }

    package var count: Int { members.count }
    package var isEmpty: Bool { members.isEmpty }
    package var keys: [String] { members.map(\.key) }

    /// The value named `key`. Assigning nil removes the member; assigning `.null` keeps it with a JSON null.
    package subscript(key: String) -> JSONValue? {
        get { position(of: key).map { members[$0].value } }
        set {
            if let newValue {
                set(key, to: newValue)
            } else if let position = position(of: key) {
                members.remove(at: position)
                if positions != nil { indexAll() }
            }
        }
    }

    mutating func set(_ key: String, to value: JSONValue) {
        if let position = position(of: key) {
            members[position].value = value
            return
        }
        members.append(Member(key: key, value: value))
        if positions != nil {
            positions?[key] = members.count - 1
        } else if members.count > Self.largestScan {
            indexAll()
        }
    }

    private func position(of key: String) -> Int? {
        if let positions { return positions[key] }
        return members.firstIndex { $0.key == key }
    }

    private mutating func indexAll() {
        guard members.count > Self.largestScan else {
            positions = nil
            return
        }
        var fresh: [String: Int] = [:]
        fresh.reserveCapacity(members.count)
        for (position, member) in members.enumerated() { fresh[member.key] = position }
        positions = fresh
    }
}

extension JSONObject: Sequence {
    package typealias Element = (key: String, value: JSONValue)

    package struct Iterator: IteratorProtocol {
        private var base: IndexingIterator<[Member]>

        fileprivate init(_ members: [Member]) { base = members.makeIterator() }

        package mutating func next() -> Element? {
            guard let member = base.next() else { return nil }
            return (member.key, member.value)
        }
    }

    package var underestimatedCount: Int { members.count }

    package func makeIterator() -> Iterator { Iterator(members) }
}

extension JSONObject: Hashable {
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        return left.members.allSatisfy { right[$0.key] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        var sum = 0
        for member in members {
            var one = Hasher()
            one.combine(member.key)
            one.combine(member.value)
            sum ^= one.finalize()
        }
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
