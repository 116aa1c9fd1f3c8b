/// A page in Prometheus' text format 0.0.4, read as strictly as the format asks for, so that a test fails where a
/// scraper would.
package struct MetricPage: Sendable {
    package struct Problem: Error, CustomStringConvertible {
        package let description: String
    }

    package struct Series: Hashable, Sendable {
        package var name: String
        package var labels: [String: String]
    }

    /// By name, the kind of every metric.
    package private(set) var types: [String: String] = [:]
    package private(set) var samples: [Series: Double] = [:]

    /// - Throws: ``Problem`` for the first line that breaks a rule.
    package init(parsing text: String) throws {
        guard text.hasSuffix("\n") else { throw Problem(description: "the last line has no end") }
        var current = ""
        var helped: Set<String> = []
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("# ") {
                let words = line.split(separator: " ", maxSplits: 3)
                guard words.count == 4 else { throw Problem(description: "a comment without content: \(line)") }
                let name = String(words[2])
                switch words[1] {
                case "HELP":
                    guard helped.insert(name).inserted else { throw Problem(description: "two helps: \(name)") }
                case "TYPE":
                    guard ["counter", "gauge", "histogram"].contains(words[3]), types[name] == nil else {
                        throw Problem(description: "a bad type: \(line)")
                    }
                    types[name] = String(words[3])
                    current = name
                default: throw Problem(description: "neither help nor type: \(line)")
                }
            } else {
                try addSample(Substring(line), of: current)
            }
        }
        guard helped == Set(types.keys) else { throw Problem(description: "help and types differ") }
        try checkHistograms()
    }

    /// The value of the series with exactly these labels.
    package subscript(name: String, labels: [String: String]) -> Double? { samples[Series(name: name, labels: labels)] }

    /// The sum of all series of a name that have at least these labels; 0 when there is none.
    package func sum(_ name: String, _ labels: [String: String] = [:]) -> Double {
        samples.filter { series, _ in
            series.name == name && labels.allSatisfy { series.labels[$0.key] == $0.value }
        }.values.reduce(0, +)
    }

    // MARK: - Lines

    private mutating func addSample(_ line: Substring, of family: String) throws {
        var rest = line
        let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" })
        rest = rest.dropFirst(name.count)
        let type = types[family] ?? ""
        let endings = type == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard !name.isEmpty, endings.contains(where: { name == family + $0 }) else {
            throw Problem(description: "not among its family \(family): \(line)")
        }
        if type == "counter", !name.hasSuffix("_total") { throw Problem(description: "a counter's name: \(name)") }
        let labels = try Self.labels(&rest, line)
        guard rest.first == " ", let value = Double(rest.dropFirst()) else {
            throw Problem(description: "no value: \(line)")
        }
        guard samples.updateValue(value, forKey: Series(name: name, labels: labels)) == nil else {
            throw Problem(description: "twice: \(line)")
        }
    }

    private static func labels(_ rest: inout Substring, _ line: Substring) throws -> [String: String] {
        guard rest.first == "{" else { return [:] }
        rest = rest.dropFirst()
        var labels: [String: String] = [:]
        while true {
            let name = String(rest.prefix { $0.isLetter || $0 == "_" })
            rest = rest.dropFirst(name.count)
            guard !name.isEmpty, rest.hasPrefix("=\"") else { throw Problem(description: "a bad label: \(line)") }
            rest = rest.dropFirst(2)
            var value = ""
            while let character = rest.popFirst(), character != "\"" {
                guard character == "\\" else {
                    value.append(character)
                    continue
                }
                switch rest.popFirst() {
                case "\\": value.append("\\")
                case "\"": value.append("\"")
                case "n": value.append("\n")
                default: throw Problem(description: "a bad escape: \(line)")
                }
            }
            guard labels.updateValue(value, forKey: name) == nil else {
                throw Problem(description: "a label twice: \(line)")
            }
            switch rest.popFirst() {
            case ",": continue
            case "}": return labels
            default: throw Problem(description: "labels without an end: \(line)")
            }
        }
    }

    private func checkHistograms() throws {
        for (name, type) in types where type == "histogram" {
            let buckets = samples.filter { $0.key.name == name + "_bucket" }
            let groups = Dictionary(grouping: buckets) { $0.key.labels.filter { $0.key != "le" } }
            for (labels, group) in groups {
                let ordered = group.sorted { Self.bound($0.key) < Self.bound($1.key) }.map(\.value)
                guard ordered == ordered.sorted(), ordered.last == self[name + "_count", labels],
                    Self.bound(group.max { Self.bound($0.key) < Self.bound($1.key) }?.key) == .infinity,
                    self[name + "_sum", labels] != nil
                else { throw Problem(description: "a histogram that does not add up: \(name)") }
            }
        }
    }

    private static func bound(_ series: Series?) -> Double {
        let text = series?.labels["le"] ?? ""
        return text == "+Inf" ? .infinity : Double(text) ?? .nan
    }
}
