/// A call of the storage services' API (`/?Action=...`) as the sandbox reads it, still unjudged.
struct StorageCall: Sendable {
    /// `GET` or `POST`.
    var method: String
    /// The query as sent, without the question mark.
    var rawQuery: String
    /// Names in lower case.
    var headers: [String: String] = [:]
    /// `host:port` the client used.
    var authority: String
    var body: [UInt8] = []

    /// Names and values of the query with their escapes undone, in the order sent; at most 64.
    var parameters: [(name: String, value: String)] {
        rawQuery.split(separator: "&").prefix(64).map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (PercentText.decode(halves[0]), halves.count > 1 ? PercentText.decode(halves[1]) : "")
        }
    }

    func parameter(_ name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }
}
