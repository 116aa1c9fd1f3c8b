import WireJSON

extension JSONValue {
    /// A copy with the value at a path replaced, or removed with nil. Numbers in the path are places in arrays; a member
    /// that is text holding JSON is opened and closed again on the way.
    func setting(_ path: [String], to value: JSONValue?) -> JSONValue {
        guard let first = path.first else { return value ?? .null }
        if let text = string, let inner = try? JSONValue.parse(text) {
            return .string(inner.setting(path, to: value).serializedString())
        }
        let rest = Array(path.dropFirst())
        if var elements = array, let index = Int(first), elements.indices.contains(index) {
            elements[index] = elements[index].setting(rest, to: value)
            return .array(elements)
        }
        var members = object ?? JSONObject()
        members[first] = rest.isEmpty ? value : (members[first] ?? [:]).setting(rest, to: value)
        return .object(members)
    }

    /// The dotted paths of all members of objects, array elements taken together.
    func memberPaths(_ prefix: String = "") -> Set<String> {
        var paths: Set<String> = []
        for (key, value) in object ?? JSONObject() {
            paths.insert(prefix + key)
            paths.formUnion(value.memberPaths(prefix + key + "."))
        }
        for element in array ?? [] { paths.formUnion(element.memberPaths(prefix)) }
        return paths
    }
}
