import WireJSON

/// The small pieces that the description of the API is put together from (OpenAPI 3.1, JSON Schema 2020-12).
enum OpenAPIValues {
    static func reference(_ schema: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(schema)")] }

    static func text(_ meaning: String = "", default value: String? = nil, of choices: [String] = []) -> JSONValue {
        var object = typed("string", meaning)
        if !choices.isEmpty { object["enum"] = .array(choices.map { .string($0) }) }
        if let value { object["default"] = .string(value) }
        return .object(object)
    }

    static func integer(
        _ meaning: String = "", _ range: ClosedRange<Int>? = nil, default value: Int? = nil
    ) -> JSONValue {
        var object = typed("integer", meaning)
        if let range {
            object["minimum"] = .integer(Int64(range.lowerBound))
            object["maximum"] = .integer(Int64(range.upperBound))
        }
        if let value { object["default"] = .integer(Int64(value)) }
        return .object(object)
    }

    /// A number from 0 to 1.
    static func share(_ meaning: String, default value: Double) -> JSONValue {
        var object = typed("number", meaning)
        object["minimum"] = 0
        object["maximum"] = 1
        object["default"] = .number(value)
        return .object(object)
    }

    static func flag(_ meaning: String, default value: Bool? = nil) -> JSONValue {
        var object = typed("boolean", meaning)
        if let value { object["default"] = .bool(value) }
        return .object(object)
    }

    static func optional(_ type: String, _ meaning: String = "") -> JSONValue {
        var object: JSONObject = ["type": [.string(type), "null"]]
        if !meaning.isEmpty { object["description"] = .string(meaning) }
        return .object(object)
    }

    static func array(of items: JSONValue, _ meaning: String = "", most: Int? = nil) -> JSONValue {
        var object = typed("array", meaning)
        object["items"] = items
        if let most { object["maxItems"] = .integer(Int64(most)) }
        return .object(object)
    }

    static func object(
        _ properties: [(String, JSONValue)], required: [String] = [], _ meaning: String = ""
    ) -> JSONValue {
        var object = typed("object", meaning)
        if !required.isEmpty { object["required"] = .array(required.map { .string($0) }) }
        var members = JSONObject()
        // Of two with one name the later one counts.
        for (name, value) in properties { members[name] = value }
        object["properties"] = .object(members)
        return .object(object)
    }

    private static func typed(_ type: String, _ meaning: String) -> JSONObject {
        var object: JSONObject = ["type": .string(type)]
        if !meaning.isEmpty { object["description"] = .string(meaning) }
        return object
    }
}
