import Configuration

/// Reads settings by key and collects what is wrong with them instead of stopping at the first.
///
/// A value may come as text (flag, environment) or typed (YAML); both are brought to text first, so that every source
/// obeys the same rules.
struct SettingsReader {
    let reader: ConfigReader
    private(set) var problems: [String] = []

    init(reader: ConfigReader) {
        self.reader = reader
    }

    mutating func report(_ problem: String) {
        problems.append(problem)
    }

    private func text(_ key: String, isSecret: Bool = false) -> String? {
        let key = ConfigKey(key)
        if let text = reader.string(forKey: key, isSecret: isSecret) { return text }
        if let number = reader.int(forKey: key, isSecret: isSecret) { return String(number) }
        if let flag = reader.bool(forKey: key, isSecret: isSecret) { return String(flag) }
        return reader.double(forKey: key, isSecret: isSecret).map { String($0) }
    }

    /// Text that may be empty only by not being there.
    func string(_ key: String, isSecret: Bool = false) -> String? {
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
    func list(_ key: String, isSecret: Bool = false) -> [String]? {
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
