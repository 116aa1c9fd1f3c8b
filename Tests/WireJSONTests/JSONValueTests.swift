import Testing
import WireJSON

/// Accessors, objects and writing.
@Suite struct JSONValueTests {
    @Test(
        "what is written is read back as the same value",
        arguments: [
            nil, true, 0, -7, .integer(.max), .integer(.min), 0.1, 5.0, 1e300, .number(.leastNonzeroMagnitude), -1.5e-7,
            "", "中文 🦊 / \"q\" \\",
            "\u{0}\u{1f}\u{8}\u{c}\n\r\t\u{2028}", [], [:], [1, [2, [3]]], ["a": ["b": [nil, false]], "": "x"],
        ] as [JSONValue])
    func roundTrips(value: JSONValue) throws {
        #expect(try JSONValue.parse(value.serialized()) == value)
        #expect(try JSONValue.parse(value.serializedString()) == value)
    }

    @Test(
        "values are written compactly, in order, without escaping the solidus",
        arguments: [
            (["b": 1, "a": [true, nil]], "{\"b\":1,\"a\":[true,null]}"), ("a/b", "\"a/b\""), (5.0, "5.0"), (5, "5"),
            ("\u{1}\u{1f}\n\"\\", "\"\\u0001\\u001f\\n\\\"\\\\\""), (.number(.nan), "null"),
            (.number(.infinity), "null"), ("é", "\"é\""),
        ] as [(JSONValue, String)])
    func writes(value: JSONValue, text: String) {
        #expect(value.serializedString() == text)
    }

    @Test("accessors give a value only for its own kind")
    func accessors() {
        let value: JSONValue = ["s": "x", "i": 5, "d": 5.0, "f": 5.5, "b": true, "a": [1, 2], "n": nil, "o": ["k": 1]]
        #expect(value["s"]?.string == "x")
        #expect(value["s"]?.int == nil)
        #expect(value["i"]?.int == 5)
        #expect(value["d"]?.int == 5)
        #expect(value["f"]?.int == nil)
        #expect(value["i"]?.double == 5)
        #expect(value["b"]?.bool == true)
        #expect(value["a"]?[1] == 2)
        #expect(value["a"]?[2] == nil)
        #expect(value["a"]?[-1] == nil)
        #expect(value["a"]?.array?.count == 2)
        #expect(value["n"]?.isNull == true)
        #expect(value["missing"] == nil)
        #expect(value["o"]?.object?["k"] == 1)
        #expect(value["s"]?["k"] == nil)
        #expect(JSONValue.number(1e30).int == nil)
        #expect(JSONValue.bool(true).int == nil)
    }

    @Test("an object keeps the order of its members and forgets removed ones")
    func objectOrder() {
        var object = JSONObject([("a", 1), ("b", 2), ("c", 3)])
        object["b"] = nil
        object["d"] = 4
        object["a"] = 9
        #expect(object.keys == ["a", "c", "d"])
        #expect(object.map(\.key) == object.keys)
        #expect(object["a"] == 9)
        #expect(object["b"] == nil)
        #expect(object == ["d": 4, "c": 3, "a": 9])
        #expect(object.hashValue == JSONObject([("d", 4), ("c", 3), ("a", 9)]).hashValue)
        #expect(object != ["d": 4, "c": 3, "a": 8])
        #expect(object != ["d": 4, "c": 3])
        object["c"] = .null
        #expect(object.count == 3)
    }

    @Test("a large object finds, replaces and removes members as a small one does")
    func largeObject() throws {
        var object = JSONObject()
        for number in 0..<1_000 { object["k\(number)"] = .integer(Int64(number)) }
        for number in stride(from: 0, to: 1_000, by: 2) { object["k\(number)"] = nil }
        object["k1"] = "one"
        #expect(object.count == 500)
        #expect(object["k1"] == "one")
        #expect(object["k999"] == 999)
        #expect(object["k998"] == nil)
        for number in 20..<1_000 { object["k\(number)"] = nil }
        #expect(object.keys == ["k1", "k3", "k5", "k7", "k9", "k11", "k13", "k15", "k17", "k19"])
        let text = JSONValue.object(object).serializedString()
        #expect(try JSONValue.parse(text).object == object)
    }
}
