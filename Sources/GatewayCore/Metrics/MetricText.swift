/// Writes Prometheus' text format, version 0.0.4.
package struct MetricText: Sendable {
    /// Name and value; the value may be any text.
    package typealias Label = (name: String, value: String)

    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package private(set) var text = ""

    package init() {}

    /// Must end in `_total`.
    package mutating func counter(_ name: String, _ help: String, _ samples: [(labels: [Label], value: Double)]) {
        head(name, help, "counter")
        for sample in samples { line(name, sample.labels, Self.number(sample.value)) }
    }

    package mutating func gauge(_ name: String, _ help: String, _ samples: [(labels: [Label], value: Double)]) {
        head(name, help, "gauge")
        for sample in samples { line(name, sample.labels, Self.number(sample.value)) }
    }

    package mutating func histogram(
        _ name: String, _ help: String, _ samples: [(labels: [Label], histogram: Histogram)]
    ) {
        head(name, help, "histogram")
        for (labels, histogram) in samples {
            let reading = histogram.reading
            let bounds = histogram.bounds.map(Self.number) + ["+Inf"]
            for (bound, count) in zip(bounds, reading.cumulative) {
                line(name + "_bucket", labels + [("le", bound)], "\(count)")
            }
            line(name + "_sum", labels, Self.number(reading.sumInSeconds))
            line(name + "_count", labels, "\(reading.count)")
        }
    }

    /// The members of a family as counters, in the order of their labels.
    package mutating func counters(
        _ name: String, _ help: String, labels names: [String], _ family: LabelledFamily<MetricCounter>
    ) {
        counter(name, help, Self.sorted(family.all).map { (Self.labels(names, $0.0), Double($0.1.total)) })
    }

    package mutating func histograms(
        _ name: String, _ help: String, labels names: [String], _ family: LabelledFamily<Histogram>
    ) {
        histogram(name, help, Self.sorted(family.all).map { (Self.labels(names, $0.0), $0.1) })
    }

    private static func sorted<Value>(_ members: [[String]: Value]) -> [([String], Value)] {
        members.map { ($0.key, $0.value) }.sorted { $0.0.lexicographicallyPrecedes($1.0) }
    }

    private static func labels(_ names: [String], _ values: [String]) -> [Label] {
        zip(names, values).map { (name: $0, value: $1) }
    }

    // MARK: - Lines

    private mutating func head(_ name: String, _ help: String, _ type: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    private mutating func line(_ name: String, _ labels: [Label], _ value: String) {
        text += name
        if !labels.isEmpty {
            let written = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
            text += "{" + written.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    private static func escaped(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Whole numbers without a point, as people write them.
    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }
}
