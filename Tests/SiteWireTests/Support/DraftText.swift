import Testing
import WireJSON

/// Reads submissions for comparison.
enum DraftText {
    static func decoded(_ value: JSONValue?) throws -> JSONValue { try JSONValue.parse(try #require(value?.string)) }

    /// The value with every id and moment blanked, for comparison with bodies whose ids are placeholders.
    static func neutral(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(neutral))
        case .object(let members):
            return .object(
                JSONObject(
                    members.map { name, value in
                        let isPassing = ["id", "main_component_id", "submitGroupId", "created_time_in_ms"].contains(
                            name)
                        return (name, isPassing ? "" : neutral(value))
                    }))
        default: return value
        }
    }

    /// Every `id` in a draft, but for the second mention of the component's.
    static func ids(in value: JSONValue) -> [String] {
        switch value {
        case .array(let elements): elements.flatMap(ids)
        case .object(let members):
            members.flatMap { name, value in name == "id" ? [value.string ?? ""] : ids(in: value) }
        default: []
        }
    }

    /// Compares a submission with a recorded one: members that travel as text are compared by what they say.
    static func expectEqual(
        _ body: JSONValue, _ expected: JSONValue, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(body.object?.keys == expected.object?.keys, sourceLocation: sourceLocation)
        for name in ["extend", "submit_id", "http_common_info"] {
            #expect(body[name] == expected[name], sourceLocation: sourceLocation)
        }
        #expect(
            opened(try decoded(body["metrics_extra"])) == opened(try decoded(expected["metrics_extra"])),
            sourceLocation: sourceLocation)
        #expect(
            opened(try decoded(body["draft_content"])) == opened(try decoded(expected["draft_content"])),
            sourceLocation: sourceLocation)
    }

    /// The value with `sceneOptions` and `video_task_extra` decoded where they stand.
    static func opened(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(opened))
        case .object(let members):
            return .object(
                JSONObject(
                    members.map { name, value in
                        guard name == "sceneOptions" || name == "video_task_extra", let text = value.string,
                            let inner = try? JSONValue.parse(text)
                        else { return (name, opened(value)) }
                        return (name, opened(inner))
                    }))
        default: return value
        }
    }
}
