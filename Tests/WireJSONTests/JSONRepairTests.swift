import Testing
import WireJSON

/// What is forgiven, what stays an error, and that nothing inside a string is touched.
@Suite struct JSONRepairTests {
    @Test(
        "texts of people are read",
        arguments: [
            (
                #"{"model":"jimeng-4.0","prompt":"一只猫","ratio":"1:1",}"#,
                ["model": "jimeng-4.0", "prompt": "一只猫", "ratio": "1:1"], "trailing-comma"
            ),
            (
                "{'model':'jimeng-4.5','prompt':'a cat'}", ["model": "jimeng-4.5", "prompt": "a cat"], "single-quote"
            ),
            ("{'prompt':'it's a cat'}", ["prompt": "it's a cat"], "single-quote"),
            ("{'p':'rock 'n' roll, yes'}", ["p": "rock 'n' roll, yes"], "single-quote"),
            (#"{"p":"don't",'q':'v'}"#, ["p": "don't", "q": "v"], "single-quote"),
            (#"{"prompt":"he said: [1,]  ,} ok",}"#, ["prompt": "he said: [1,]  ,} ok"], "trailing-comma"),
            (#"{"images":["a",,"b",],}"#, ["images": ["a", "b"]], "extra-comma+trailing-comma"),
            (#"{prompt:"a",n:2}"#, ["prompt": "a", "n": 2], "bare-key"),
            ("{\"a\":1 /*x*/, // y\n\"b\":True}", ["a": 1, "b": true], "comment+python-literal"),
            ("{\"a\":False,\"b\":None}", ["a": false, "b": nil], "python-literal"),
            ("{\"a\":\"one\ntwo\tthree\"}", ["a": "one\ntwo\tthree"], "control-char"),
            (#"{"a":"C:\path"}"#, ["a": #"C:\path"#], "escape"),
            (#"{"a":"C:\users\n"}"#, ["a": "C:\\users\n"], "escape"),
            (#"{'a':'it\'s \"so\" \u4e2d'}"#, ["a": "it's \"so\" 中"], "single-quote"),
            (#"{"a":"don\'t"}"#, ["a": #"don\'t"#], "escape"),
            (#"{"a":"\ud83e\udd8a \ud83e",}"#, ["a": "🦊 \u{FFFD}"], "trailing-comma"),
            ("{\u{A0}\"a\"\u{3000}:\u{FEFF}1\u{2028},\u{200B}\"b\":2\u{C}}", ["a": 1, "b": 2], "whitespace"),
            ("{,\"a\":1}", ["a": 1], "extra-comma"), ("{\"a\":1,,}", ["a": 1], "extra-comma+trailing-comma"),
            ("{,}", [:], "trailing-comma"), ("{\"a\":[,]}", ["a": []], "trailing-comma"),
            ("// first\n{\"a\":1}/* last */", ["a": 1], "comment"),
            ("{$a-b_1:1}", ["$a-b_1": 1], "bare-key"), ("{true:1}", ["true": 1], "bare-key"),
            ("{\"a\":1,\"a\":2,}", ["a": 2], "trailing-comma"),
            ("{'a' :'b' , 'c':['d' ]}", ["a": "b", "c": ["d"]], "single-quote"),
            ("\u{FEFF}{\"a\":-1.5e2,}", ["a": -150.0], "trailing-comma"),
            ("{\"a\":[1,[2,],{b:[]}]}", ["a": [1, [2], ["b": []]]], "bare-key+trailing-comma"),
            ("{}", [:], ""),
        ] as [(String, JSONValue, String)])
    func repairs(_ text: String, _ value: JSONValue, _ kinds: String) throws {
        let repaired = try JSONValue.repair(text)
        #expect(repaired.value == value)
        #expect(repaired.kinds.map(\.rawValue).joined(separator: "+") == kinds)
    }

    @Test(
        "what would have to be guessed stays an error",
        arguments: [
            ("", .emptyInput), (" // only\n", .emptyInput), ("{\"a\":1", .unexpectedEnd),
            ("{\"a\":\"x}", .unexpectedEnd),
            ("{'a':'x}", .unexpectedEnd), ("{\"a\":1}}", .trailingContent), ("{\"a\":.5}", .expectedValue),
            ("{\"a\":NaN}", .expectedValue), ("{\"a\":-Infinity}", .invalidNumber), ("{\"a\":01}", .invalidNumber),
            ("{\"a\":1.}", .invalidNumber), ("{\"a\":1e999}", .numberOutOfRange), ("{\"a\" 1}", .expectedColon),
            ("{\"a\":1 \"b\":2}", .expectedCommaOrEnd), ("[1 2]", .expectedCommaOrEnd), ("{1:2}", .expectedKey),
            ("{a b:1}", .expectedColon), ("{\"a\":}", .expectedValue), ("{\"a\":Truest}", .expectedValue),
            ("{\"a\":undefined}", .expectedValue), ("{\"a\":/*1}", .unexpectedEnd), ("{\"a\":1}/", .trailingContent),
            ("{} {}", .trailingContent), ("{\"a\":'x'y}", .unexpectedEnd), ("{", .unexpectedEnd),
            ("{\"a\"", .unexpectedEnd), ("{\"a\":'\\", .unexpectedEnd), ("{中:1}", .expectedKey),
        ] as [(String, JSONParseError.Kind)])
    func refuses(_ text: String, _ kind: JSONParseError.Kind) {
        #expect { try JSONValue.repair(text) } throws: { ($0 as? JSONParseError)?.kind == kind }
    }

    @Test("the place of what can't be repaired is told")
    func place() {
        #expect {
            try JSONValue.repair("{a:1,\n  'b':.5}")
        } throws: {
            $0 as? JSONParseError == JSONParseError(kind: .expectedValue, line: 2, column: 7, offset: 12)
        }
    }

    @Test("nesting is bounded as in strict reading")
    func depth() throws {
        let deep = { (levels: Int) in
            String(repeating: "[", count: levels) + String(repeating: ",]", count: levels)
        }
        #expect(try JSONValue.repair(deep(64)).kinds == [.trailingComma])
        for levels in [65, 100_000] {
            #expect { try JSONValue.repair(deep(levels)) } throws: { ($0 as? JSONParseError)?.kind == .tooDeep }
        }
    }

    @Test("bytes that are no UTF-8 are refused")
    func encoding() {
        let bytes: [UInt8] = [0x7B, 0x61, 0x3A, 0x22, 0xFF, 0x22, 0x7D]
        let outcome = bytes.withUnsafeBytes { buffer -> JSONParseError? in
            do throws(JSONParseError) {
                _ = try JSONValue.repair(buffer)
                return nil
            } catch {
                return error
            }
        }
        #expect(outcome == JSONParseError(kind: .invalidUTF8, line: 1, column: 5, offset: 4))
    }

    @Test(
        "every strict text reads as itself", arguments: ["{\"a\":[1,2.5,\"x\\n\",null,true,{}]}", "[]", "\"s\"", "7"])
    func strict(_ text: String) throws {
        let repaired = try JSONValue.repair(text)
        #expect(repaired.value == (try JSONValue.parse(text)))
        #expect(repaired.kinds.isEmpty)
    }

    @Test("no cut of a text makes the reader fall over")
    func cuts() throws {
        let text = "{'a':\"\\ud83e\\udd8a\\q\", b : [1,,-2.5e3,/*c*/ None], // d\n\u{3000}'e':{'f':'g'h',},}"
        #expect(try JSONValue.repair(text).kinds.count == 8)
        for end in text.indices {
            let cut = String(text[..<end])
            #expect(throws: JSONParseError.self) { try JSONValue.repair(cut) }
        }
    }
}
