import WireJSON

/// What the player has counted since its start or its last reset.
struct PlayerReport: Sendable, Hashable {
    /// Calls of the site's API by path; downloads of pictures are counted apart.
    var requests: [String: Int] = [:]
    var pictures = 0
    var jobs = 0
    /// Jobs whose end a client has been told.
    var told = 0
    /// Submissions under an id that was there already.
    var repeatedIDs = 0
    /// Submissions of a prompt that was there already: the same job bought twice.
    var repeatedNumbers = 0
    /// Ids over all history calls, and the most in one.
    var idsAsked = 0
    var largestBatch = 0
    var unreadable = 0

    var total: Int { requests.values.reduce(0, +) }

    var json: JSONValue {
        let paths = requests.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.integer(Int64($0.value))) }
        var object: JSONObject = ["requests": .object(JSONObject(paths))]
        for (name, path) in Self.members { object[name] = .integer(Int64(self[keyPath: path])) }
        return .object(object)
    }

    init() {}

    init(_ json: JSONValue) {
        for (path, count) in json["requests"]?.object ?? JSONObject() { requests[path] = Int(count.int ?? 0) }
        for (name, path) in Self.members { self[keyPath: path] = Int(json[name]?.int ?? 0) }
    }

    private static var members: [(String, WritableKeyPath<PlayerReport, Int>)] {
        [
            ("pictures", \.pictures), ("jobs", \.jobs), ("told", \.told), ("repeated_ids", \.repeatedIDs),
            ("repeated_numbers", \.repeatedNumbers), ("ids_asked", \.idsAsked), ("largest_batch", \.largestBatch),
            ("unreadable", \.unreadable),
        ]
    }
}
