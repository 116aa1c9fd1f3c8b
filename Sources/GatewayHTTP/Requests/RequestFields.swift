import GatewayCore
import WireJSON

/// The fields of a decoded body, read with the coercions that lose nothing (endpoints.md section 3.3). The first name of
/// every reader is the canonical one and wins over the other spellings; null counts as absent.
struct RequestFields: Sendable {
    let object: JSONObject
    let isForm: Bool
    /// How the client spelt fields that were read under another name than the canonical one.
    private(set) var spellings: [String: String] = [:]

    /// What had to be forgiven in the body, in the words of ``JSONRepair``; empty for a proper one.
    var repairs: [String] = []

    /// How the body was honoured with a change.
    var notices: [String] { repairs.isEmpty ? [] : [Notice.bodyRepaired(repairs)] }

    init(_ object: JSONObject, isForm: Bool) {
        self.object = object
        self.isForm = isForm
    }

    /// Whether the field is there with anything in it: no null, no blank text, no empty array.
    func isPresent(_ name: String) -> Bool {
        switch object[name] {
        case nil, .null?: false
        case .string(let text)?: !text.trimmingBlanks().isEmpty
        case .array(let elements)?: !elements.isEmpty
        case .object(let members)?: !members.isEmpty
        case .bool?, .integer?, .number?: true
        }
    }

    mutating func string(_ names: String...) throws(RequestProblem) -> String? {
        guard let (name, value) = find(names) else { return nil }
        switch value {
        case .string(let text): return text
        case .bool(let flag): return flag ? "true" : "false"
        case .integer, .number: return value.serializedString()
        case .null, .array, .object: throw mismatch(name, "a string", "字符串", value)
        }
    }

    mutating func number(_ names: String...) throws(RequestProblem) -> Double? {
        guard let (name, value) = find(names) else { return nil }
        if let number = value.double { return number }
        if let text = value.string {
            if isForm, text.trimmingBlanks().isEmpty { return nil }
            if let number = Self.number(in: text)?.double { return number }
        }
        throw mismatch(name, "a number", "数字", value)
    }

    mutating func integer(_ names: String...) throws(RequestProblem) -> Int? {
        guard let (name, value) = find(names) else { return nil }
        if let number = value.int { return Int(number) }
        if let text = value.string {
            if isForm, text.trimmingBlanks().isEmpty { return nil }
            if let number = Self.number(in: text)?.int { return Int(number) }
        }
        throw mismatch(name, "an integer", "整数", value)
    }

    mutating func bool(_ names: String...) throws(RequestProblem) -> Bool? {
        guard let (name, value) = find(names) else { return nil }
        switch value {
        case .bool(let flag): return flag
        case .integer(0), .number(0): return false
        case .integer(1), .number(1): return true
        case .string(let text):
            switch text.trimmingBlanks().lowercased() {
            case "true", "1": return true
            case "false", "0": return false
            case "" where isForm: return nil
            default: break
            }
        case .null, .array, .object, .integer, .number: break
        }
        throw mismatch(name, "a boolean", "布尔值", value)
    }

    /// An object of short texts.
    mutating func labels(_ name: String) throws(RequestProblem) -> [String: String] {
        guard let (name, found) = find([name]) else { return [:] }
        var value = found
        if let text = found.string {
            if text.trimmingBlanks().isEmpty { return [:] }
            if isForm, let parsed = try? JSONValue.parse(text) { value = parsed }
        }
        guard let members = value.object else { throw mismatch(name, "an object", "对象", value) }
        guard members.count <= 16 else {
            throw .outOfRange(name, from: "0", to: "16", got: "\(members.count)")
        }
        var labels: [String: String] = [:]
        for (key, member) in members where !member.isNull {
            let text: String
            switch member {
            case .string(let string): text = string
            case .bool, .integer, .number: text = member.serializedString()
            case .null, .array, .object: throw mismatch("\(name).\(key)", "a string", "字符串", member)
            }
            guard key.utf8.count <= 64 * 4, key.count <= 64 else {
                throw .tooLong(name, length: key.unicodeScalars.count, maximum: 64)
            }
            guard text.unicodeScalars.count <= 512 else {
                throw .tooLong("\(name).\(key)", length: text.unicodeScalars.count, maximum: 512)
            }
            labels[key] = text
        }
        return labels
    }

    private mutating func find(_ names: [String]) -> (name: String, value: JSONValue)? {
        for name in names {
            guard let value = object[name], !value.isNull else { continue }
            if name != names[0] { spellings[names[0]] = name }
            return (name, value)
        }
        return nil
    }

    /// A text that is a decimal number and nothing else.
    private static func number(in text: String) -> JSONValue? {
        let trimmed = text.trimmingBlanks()
        guard trimmed.utf8.count <= 64 else { return nil }
        guard let value = try? JSONValue.parse(trimmed), value.double != nil else { return nil }
        return value
    }

    private func mismatch(_ name: String, _ english: String, _ chinese: String, _ value: JSONValue) -> RequestProblem {
        let got =
            switch value {
            case .null: PlaceholderText("null")
            case .bool: PlaceholderText(english: "a boolean", chinese: "布尔值")
            case .integer, .number: PlaceholderText(english: "a number", chinese: "数字")
            case .string: PlaceholderText(english: "a string", chinese: "字符串")
            case .array: PlaceholderText(english: "an array", chinese: "数组")
            case .object: PlaceholderText(english: "an object", chinese: "对象")
            }
        return RequestProblem(
            .invalidType, param: name,
            values: [.want: PlaceholderText(english: english, chinese: chinese), .got: got])
    }
}
