import Configuration

/// Reads settings by key and collects what is wrong with them instead of stopping at the first.
///
/// A value may come as text (flag, environment) or typed (YAML); both are brought to text first, so that every source
/// obeys the same rules.
struct SettingsReader {
    let reader: ConfigReader
    private(set) var problems: [String] = []
    /// Every key that was asked for, whether somebody set it or not.
    private(set) var known: Set<String> = []

    init(reader: ConfigReader) {
        self.reader = reader
    }

    mutating func report(_ problem: String) {
        problems.append(problem)
    }

    private mutating func text(_ key: String, isSecret: Bool = false) -> String? {
        known.insert(key)
        let key = ConfigKey(key)
        if let text = reader.string(forKey: key, isSecret: isSecret) { return text }
        if let number = reader.int(forKey: key, isSecret: isSecret) { return String(number) }
        if let flag = reader.bool(forKey: key, isSecret: isSecret) { return String(flag) }
        return reader.double(forKey: key, isSecret: isSecret).map { String($0) }
    }

    /// Text that may be empty only by not being there.
    mutating func string(_ key: String, isSecret: Bool = false) -> String? {
        text(key, isSecret: isSecret).flatMap { $0.isEmpty ? nil : $0 }
    }

    mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = string(key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            report("\(key) must be a whole number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
            return nil
        }
        return number
    }

    mutating func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let text = string(key) else { return nil }
        guard let number = Double(text), range.contains(number) else {
            report("\(key) must be a number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
            return nil
        }
        return number
    }

    /// A number with its unit (`90s`, `30m`, `24h`, `7d`), or seconds without one.
    mutating func duration(_ key: String, in range: ClosedRange<Duration>) -> Duration? {
        guard let text = string(key) else { return nil }
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let unit = text.last.flatMap { units[$0] }
        let digits = unit == nil ? text[...] : text.dropLast()
        if let count = Int(digits), count >= 0, count <= 1_000_000_000 {
            let duration = Duration.seconds(count * (unit ?? 1))
            if range.contains(duration) { return duration }
        }
        report(
            "\(key) must be a time such as 90s, 30m, 24h or 7d, from \(range.lowerBound.components.seconds)s to "
                + "\(range.upperBound.components.seconds)s, not \"\(text)\"")
        return nil
    }

    mutating func flag(_ key: String) -> Bool? {
        guard let text = string(key) else { return nil }
        switch text.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default:
            report("\(key) must be true or false, not \"\(text)\"")
            return nil
        }
    }

    mutating func choice<Value>(_ key: String, _ choices: [(String, Value)]) -> Value? {
        guard let text = string(key) else { return nil }
        if let choice = choices.first(where: { $0.0 == text.lowercased() }) { return choice.1 }
        report("\(key) must be one of \(choices.map(\.0).joined(separator: ", ")), not \"\(text)\"")
        return nil
    }

    /// A list: a YAML sequence, or text with commas.
    mutating func list(_ key: String, isSecret: Bool = false) -> [String]? {
        known.insert(key)
        if let values = reader.stringArray(forKey: ConfigKey(key), isSecret: isSecret), values.count > 1 {
            return values
        }
        if let values = reader.intArray(forKey: ConfigKey(key), isSecret: isSecret), values.count > 1 {
            return values.map { String($0) }
        }
        guard let text = string(key, isSecret: isSecret) ?? reader.stringArray(forKey: ConfigKey(key))?.first else {
            return nil
        }
        let parts = text.split(separator: ",").map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }
        return parts.map { String($0.reversed().drop { $0 == " " }.reversed()) }
    }
}
