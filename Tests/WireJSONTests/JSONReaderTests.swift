import Testing
import WireJSON

/// What counts as JSON and what does not, in the manner of the well-known JSON test suites.
@Suite struct JSONReaderTests {
    @Test(
        "well-formed texts are read",
        arguments: [
            ("null", JSONValue.null), (" true\n", true), ("false", false), ("0", 0), ("-0", 0), ("-12", -12),
            ("1.5", 1.5), ("1e3", 1000.0), ("1E-2", 0.01), ("-0.0", -0.0), ("1.0", 1.0), ("\"\"", ""),
            ("[]", []), ("{}", [:]), ("[ ]", []), ("{ }", [:]), ("[1 , 2]", [1, 2]),
            ("{\"a\" : [ {\"b\":null} ]}", ["a": [["b": nil]]]),
            ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{c}\n\r\t"),
            ("\"\\u00e9\\u4e2d\"", "é中"), ("\"中文 🦊\"", "中文 🦊"), ("\"\\ud83e\\udd8a\"", "🦊"),
            ("\"\\u0000\"", "\u{0}"), ("\"\u{7f}\"", "\u{7f}"), ("\u{FEFF}[1]", [1]), ("\t\r\n 7 ", 7),
            ("{\"\":1}", ["": 1]), ("[[[[]]]]", [[[[]]]]),
        ] as [(String, JSONValue)])
    func accepts(text: String, expected: JSONValue) throws {
        #expect(try JSONValue.parse(text) == expected)
    }

    struct Refusal: Sendable {
        var text: String
        var kind: JSONParseError.Kind
        var line = 1
        var column: Int
    }

    @Test(
        "malformed texts are refused with the place",
        arguments: [
            Refusal(text: "", kind: .emptyInput, column: 1),
            Refusal(text: "  \n ", kind: .emptyInput, line: 2, column: 2),
            Refusal(text: "nul", kind: .unexpectedEnd, column: 4),
            Refusal(text: "nulL", kind: .expectedValue, column: 1),
            Refusal(text: "True", kind: .expectedValue, column: 1),
            Refusal(text: "NaN", kind: .expectedValue, column: 1),
            Refusal(text: "[1,]", kind: .trailingComma, column: 4),
            Refusal(text: "{\"a\":1,}", kind: .trailingComma, column: 8),
            Refusal(text: "[1 2]", kind: .expectedCommaOrEnd, column: 4),
            Refusal(text: "[,1]", kind: .expectedValue, column: 2),
            Refusal(text: "[1", kind: .unexpectedEnd, column: 3),
            Refusal(text: "{\"a\"}", kind: .expectedColon, column: 5),
            Refusal(text: "{\"a\":}", kind: .expectedValue, column: 6),
            Refusal(text: "{a:1}", kind: .expectedKey, column: 2),
            Refusal(text: "{'a':1}", kind: .expectedKey, column: 2),
            Refusal(text: "{1:1}", kind: .expectedKey, column: 2),
            Refusal(text: "{\"a\":1 \"b\":2}", kind: .expectedCommaOrEnd, column: 8),
            Refusal(text: "1 2", kind: .trailingContent, column: 3),
            Refusal(text: "{}}", kind: .trailingContent, column: 3),
            Refusal(text: "[1]//x", kind: .trailingContent, column: 4),
            Refusal(text: "01", kind: .invalidNumber, column: 1),
            Refusal(text: "-01", kind: .invalidNumber, column: 2),
            Refusal(text: "-", kind: .unexpectedEnd, column: 2),
            Refusal(text: "-a", kind: .invalidNumber, column: 2),
            Refusal(text: "+1", kind: .expectedValue, column: 1),
            Refusal(text: ".5", kind: .expectedValue, column: 1),
            Refusal(text: "[1.]", kind: .invalidNumber, column: 4),
            Refusal(text: "[1e]", kind: .invalidNumber, column: 4),
            Refusal(text: "[1e+]", kind: .invalidNumber, column: 5),
            Refusal(text: "0x1", kind: .trailingContent, column: 2),
            Refusal(text: "1e400", kind: .numberOutOfRange, column: 1),
            Refusal(text: "\"abc", kind: .unexpectedEnd, column: 5),
            Refusal(text: "\"a\\", kind: .unexpectedEnd, column: 4),
            Refusal(text: "\"a\\x\"", kind: .invalidEscape, column: 3),
            Refusal(text: "\"\\u12g4\"", kind: .invalidEscape, column: 2),
            Refusal(text: "\"\\u12\"", kind: .invalidEscape, column: 2),
            Refusal(text: "\"a\nb\"", kind: .controlCharacter, column: 3),
            Refusal(text: "[\n  1,\n  \"中文\", x\n]", kind: .expectedValue, line: 3, column: 9),
        ])
    func refuses(case refusal: Refusal) throws {
        let error = try #require(throws: JSONParseError.self) { try JSONValue.parse(refusal.text) }
        #expect(error.kind == refusal.kind)
        #expect(error.line == refusal.line)
        #expect(error.column == refusal.column)
    }

    @Test(
        "bytes that are no UTF-8 are refused where they stand",
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE4, 0xB8, 0x22],
            [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0x80, 0x22], [0x22, 0xE0, 0x80, 0x80, 0x22],
        ] as [[UInt8]])
    func refusesBrokenEncoding(bytes: [UInt8]) throws {
        let error = try #require(throws: JSONParseError.self) { try JSONValue.parse(bytes) }
        #expect(error.kind == .invalidUTF8)
        #expect(error.offset == 1)
    }

    @Test("every prefix of a document is refused, never a crash")
    func refusesEveryPrefix() throws {
        let text = Array("{\"a\":[1,-2.5e3,\"中\\u00e9\\ud83e\\udd8a\",true,null,{}],\"b\":\"\"}".utf8)
        for length in 0..<text.count {
            #expect(throws: JSONParseError.self) { try JSONValue.parse(Array(text[..<length])) }
        }
        #expect(throws: Never.self) { try JSONValue.parse(text) }
    }

    @Test("a flipped byte never crashes the reader", arguments: 0..<64)
    func survivesFlippedBytes(position: Int) {
        var text = Array("{\"key\":[1,-2.5e3,\"中\\u00e9\\ud83e\\udd8a\",true,null,{\"x\":\"y\"}],\"b\":\"\"}".utf8)
        guard position < text.count else { return }
        for byte in UInt8.min...UInt8.max {
            text[position] = byte
            if let value = try? JSONValue.parse(text) {
                #expect(throws: Never.self) { try JSONValue.parse(value.serialized()) }
            }
        }
    }

    @Test("nesting is limited")
    func limitsDepth() throws {
        let sixtyFour = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(throws: Never.self) { try JSONValue.parse(sixtyFour) }
        let error = try #require(throws: JSONParseError.self) { try JSONValue.parse("[\(sixtyFour)]") }
        #expect(error.kind == .tooDeep)
        #expect(error.offset == 64)
        #expect(throws: JSONParseError.self) {
            try JSONValue.parse(String(repeating: "{\"a\":", count: 100_000), maximumDepth: .max)
        }
        #expect(throws: JSONParseError.self) { try JSONValue.parse("[]", maximumDepth: 0) }
    }

    @Test("of members with the same name the last wins, in the first one's place")
    func lastDuplicateWins() throws {
        let value = try JSONValue.parse("{\"a\":1,\"b\":2,\"a\":3}")
        #expect(value == ["b": 2, "a": 3])
        #expect(value.object?.keys == ["a", "b"])
    }

    @Test(
        "a surrogate escape without its partner becomes the replacement character",
        arguments: [
            ("\"\\ud83e\"", "\u{FFFD}"), ("\"\\udd8a\"", "\u{FFFD}"), ("\"\\ud83ex\"", "\u{FFFD}x"),
            ("\"\\ud83e\\n\"", "\u{FFFD}\n"), ("\"\\ud83e\\ud83e\\udd8a\"", "\u{FFFD}🦊"),
            ("\"\\ud83e\\u0041\"", "\u{FFFD}A"),
        ])
    func replacesLoneSurrogates(text: String, expected: String) throws {
        #expect(try JSONValue.parse(text).string == expected)
    }

    @Test(
        "whole numbers keep every digit up to 64 bits and become doubles beyond",
        arguments: [
            ("7589126439912345678", JSONValue.integer(7_589_126_439_912_345_678)),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)),
            ("-9223372036854775809", .number(-9_223_372_036_854_775_808)),
            ("18446744073709551616", .number(18_446_744_073_709_551_616)),
        ])
    func keepsDigits(text: String, expected: JSONValue) throws {
        #expect(try JSONValue.parse(text) == expected)
    }

    @Test("a number of absurd length is refused")
    func refusesLongNumbers() throws {
        let text = "0." + String(repeating: "1", count: 5_000)
        let error = try #require(throws: JSONParseError.self) { try JSONValue.parse(text) }
        #expect(error.kind == .numberOutOfRange)
    }

    @Test("the description of an error shows nothing of the text")
    func describesWithoutContent() throws {
        let error = try #require(throws: JSONParseError.self) { try JSONValue.parse("{\"secret\": hunter2}") }
        #expect(error.description == "a JSON value was expected at line 1, column 12")
    }
}
