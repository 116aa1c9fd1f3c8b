import Foundation

/// How figures are written in the report.
enum Figure {
    /// As many digits as say something: three significant ones, none behind the point from 100 on.
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return "?" }
        let digits = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : 2
        return String(format: "%.\(digits)f", value)
    }

    /// `median (min-max) unit`; only the value when there is one.
    static func text(_ values: Distribution, _ unit: String) -> String {
        let suffix = unit.isEmpty ? "" : " " + unit
        guard values.count > 1 else { return text(values.median) + suffix }
        return "\(text(values.median)) (\(text(values.minimum))-\(text(values.maximum)))\(suffix)"
    }

    static func text(_ values: [Double], _ unit: String) -> String {
        text(Distribution(values), unit)
    }
}
