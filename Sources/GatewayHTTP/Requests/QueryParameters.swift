import GatewayCore

/// The query of a URL, decoded; of equal names the first counts.
struct QueryParameters {
    private let pairs: [(name: String, value: String)]

    init(_ query: String?) {
        guard let query else {
            pairs = []
            return
        }
        pairs = query.utf8.split(separator: UInt8(ascii: "&"), maxSplits: 100).prefix(100).map { pair in
            let halves = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return (FormDecoder.text(halves[0]), halves.count > 1 ? FormDecoder.text(halves[1]) : "")
        }
    }

    subscript(name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    /// Absent is false, a bare name is true.
    /// - Throws: `invalid_value`.
    func flag(_ name: String) throws(RequestProblem) -> Bool {
        guard let value = self[name] else { return false }
        switch value.lowercased() {
        case "", "true", "1": return true
        case "false", "0": return false
        default: throw .invalidValue(name, got: value, allowed: ["true", "false"])
        }
    }
}
