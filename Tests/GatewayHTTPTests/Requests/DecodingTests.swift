import GatewayCore
import HTTPTypes
import Hummingbird
import NIOCore
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("Decoding", .timeLimit(.minutes(10)))
struct DecodingTests {
    @Test(
        "what is no JSON object is refused with its position",
        arguments: [
            (#"{"a":1"#, 1, 7), ("[\"a\"]", 1, 1), ("\"x\"", 1, 1), ("{\"a\":\n .5}", 2, 2), (#"{"a":1}}"#, 1, 8),
            (#"{"a":NaN}"#, 1, 6), (#"{"a":"x}"#, 1, 9),
        ])
    func invalidJSON(_ body: String, _ line: Int, _ column: Int) async throws {
        let answer = try await Gateway().generate(body)
        #expect(answer.status == 400)
        #expect(answer.code == "invalid_json")
        #expect(
            answer.error["message"]
                == .string("The request body is not valid JSON (line \(line), column \(column))."))
    }

    @Test("half a form is not taken for a whole one")
    func brokenOff() async throws {
        let head = HTTPRequest(
            method: .post, scheme: nil, authority: nil, path: "/",
            headerFields: [.contentType: "application/x-www-form-urlencoded", .contentLength: "30"])
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(string: "prompt=a+cat+in")))
        await #expect(throws: WaitInterruption.clientGone) { _ = try await BodyReader(limit: 100).fields(of: request) }
    }

    @Test("too many levels are refused")
    func depth() async throws {
        let body = #"{"a":"# + String(repeating: "[", count: 70) + String(repeating: "]", count: 70) + "}"
        #expect(try await Gateway().generate(body).code == "invalid_json")
    }

    @Test("nothing at all counts as an empty object", arguments: ["", "  \n", "{}", "\u{FEFF}{}"])
    func empty(_ body: String) async throws {
        #expect(try await Gateway().generate(body).error["param"] == "prompt")
    }

    @Test(
        "types are coerced only where nothing is lost",
        arguments: [
            (#"{"n":"2"}"#, true), (#"{"n":2.0}"#, true), (#"{"n":" 2 "}"#, true), (#"{"n":2.5}"#, false),
            (#"{"n":"2s"}"#, false), (#"{"n":true}"#, false), (#"{"n":[1]}"#, false), (#"{"n":null}"#, true),
            (#"{"n":""}"#, false), (#"{"seed":"99"}"#, true), (#"{"seed":1e3}"#, true), (#"{"seed":1e300}"#, false),
            (#"{"sample_strength":"0.7"}"#, true), (#"{"sample_strength":"x"}"#, false),
            (#"{"intelligent_ratio":"TRUE"}"#, true), (#"{"intelligent_ratio":1}"#, true),
            (#"{"intelligent_ratio":2}"#, false), (#"{"intelligent_ratio":"yes"}"#, false),
            (#"{"ratio":{"w":1}}"#, false), (#"{"user":7}"#, true), (#"{"stream":"0"}"#, true),
            (#"{"async":[]}"#, false), (#"{"metadata":"x"}"#, false), (#"{"metadata":{"a":[1]}}"#, false),
            (#"{"width":"1024","height":"768"}"#, true), (#"{"unknown":{"a":[1]}}"#, true),
        ])
    func coercions(_ members: String, _ isTaken: Bool) async throws {
        let body = #"{"prompt":"p","# + members.dropFirst()
        let answer = try await Gateway().generate(body)
        if isTaken {
            #expect([200, 202].contains(answer.status), "\(answer.text)")
        } else {
            #expect(answer.code == "invalid_type", "\(answer.text)")
        }
    }

    @Test("a type that is wrong is told in words")
    func words() async throws {
        let answer = try await Gateway().generate(#"{"prompt":"p","n":{"a":1}}"#)
        #expect(answer.error["message"] == "Invalid type for 'n': expected an integer, got an object.")
        #expect(answer.error["param"] == "n")
    }

    @Test("the canonical spelling wins, and errors use the client's own")
    func spellings() async throws {
        let gateway = Gateway()
        _ = try await gateway.generate(#"{"prompt":"p","aspectRatio":"4:3"}"#)
        _ = try await gateway.generate(#"{"prompt":"p","aspectRatio":"9:9","ratio":"3:2"}"#)
        let ratios = gateway.generations.requests.map { request -> AspectRatio? in
            request.task.ratio.flatMap { AspectRatio(rawValue: $0) }
        }
        #expect(ratios == [.landscape4x3, .landscape3x2])
        #expect(try await gateway.generate(#"{"prompt":"p","aspectRatio":"9:9"}"#).error["param"] == "aspectRatio")
        #expect(try await gateway.generate(#"{"prompt":"p","sampleStrength":2}"#).error["param"] == "sampleStrength")
    }

    @Test("of repeated names the last one counts")
    func duplicates() async throws {
        let gateway = Gateway()
        _ = try await gateway.generate(#"{"prompt":"a","prompt":"b"}"#)
        #expect(gateway.generations.requests.first?.task.prompt == "b")
    }

    @Test("labels have bounds")
    func labels() async throws {
        let many = (0..<17).map { #""k\#($0)":"v""# }.joined(separator: ",")
        #expect(try await Gateway().generate(#"{"prompt":"p","metadata":{\#(many)}}"#).code == "value_out_of_range")
        let long = String(repeating: "v", count: 513)
        #expect(
            try await Gateway().generate(#"{"prompt":"p","metadata":{"k":"\#(long)"}}"#).code
                == "string_above_max_length")
    }

    @Test(
        "hostile bodies end in an answer, never in a failure of ours",
        arguments: [
            "{\"prompt\":\"\\ud800\"}", "{\"prompt\":\"\\u0000\"}", "{\"prompt\":\"p\",\"n\":-9223372036854775808}",
            "{\"prompt\":\"p\",\"n\":99999999999999999999999}", "{\"prompt\":\"p\",\"seed\":9223372036854775807}",
            "{\"prompt\":\"p\",\"size\":\"9999999999999999999x1\"}", "{\"prompt\":\"p\",\"size\":\"１０２４x１０２４\"}",
            "{\"prompt\":\"p\",\"model\":\":::::::\"}", "{\"prompt\":\"p\",\"ratio\":\"\\u202e9:16\"}",
            "{\"prompt\":\"p\",\"sample_strength\":1e308}", "{\"\":\"\",\"prompt\":\"p\"}",
            "{\"prompt\":\"p\",\"model\":\"jimeng-4.5\\r\\nx: y\"}", "{\"prompt\":[\"p\"]}", "null", "0", "\u{0}",
            "{\"prompt\":\"p\",\"width\":9223372036854775807,\"height\":2}", "{\"prompt\":\"p\",\"duration\":\"5\"}",
        ])
    func hostile(_ body: String) async throws {
        let answer = try await Gateway().generate(body)
        #expect([200, 400, 404].contains(answer.status), "\(answer.status)")
        if answer.status != 200 { #expect(answer.code?.isEmpty == false) }
    }

    @Test(
        "hostile forms too",
        arguments: [
            "prompt", "=", "&&&", "prompt=%", "prompt=%z", "prompt=%zz%41", "prompt=a&prompt=b", "prompt[]=a",
            "prompt[a]=b",
            "[]=x&prompt=p", "prompt=%FF%FE", "metadata={\"a\":\"b\"}&prompt=p", "metadata={&prompt=p",
        ])
    func hostileForms(_ body: String) async throws {
        let answer = try await Gateway().generate(
            body, headers: [.contentType: "application/x-www-form-urlencoded"])
        #expect([200, 400].contains(answer.status), "\(answer.status)")
    }

    @Test("a form has a bounded number of fields")
    func manyFields() async throws {
        let body = (0...FormDecoder.maximumFields).map { "f\($0)=1" }.joined(separator: "&")
        let answer = try await Gateway().generate(
            body, headers: [.contentType: "application/x-www-form-urlencoded"])
        #expect(answer.code == "too_many_parts")
    }

    @Test(
        "tokens are found where clients put them",
        arguments: [
            (["Authorization": "Bearer sandbox-a"], 200), (["Authorization": "bearer   sandbox-a"], 200),
            (["Authorization": "sandbox-a"], 200), (["Authorization": "sandbox-a, sandbox-b"], 200),
            (["X-Api-Key": "sandbox-a"], 200), (["Authorization": "Basic c2Vzc2lvbg=="], 401),
            (["Authorization": "Bearer"], 401), (["Authorization": "Bearer "], 401), ([:], 401),
            (["Authorization": "Bearer sk-jm-x", "X-Api-Key": "sandbox-a"], 401),
        ])
    func authorization(_ fields: [String: String], _ status: Int) async throws {
        var headers = HTTPFields()
        for (name, value) in fields { headers[try #require(HTTPField.Name(name))] = value }
        let answer = try await Gateway().generate(token: nil, headers: headers)
        #expect(answer.status == status)
        if status == 401 { #expect(answer["www-authenticate"] == "Bearer realm=\"jimeng\"") }
    }

    @Test(
        "preferences and patience are read in every form, and nonsense is ignored",
        arguments: [
            (["prefer": "wait=10"], Duration.seconds(10), WaitPolicy.Expiry.accepted(applied: "wait=10")),
            (["prefer": "RESPOND-ASYNC; wait=3"], .seconds(3), .accepted(applied: "wait=3")),
            (["prefer": "wait=99999999999999999999"], .seconds(900), .generationTimeout),
            (["prefer": "handling=strict"], .seconds(900), .generationTimeout),
            (["x-stainless-read-timeout": "60"], .seconds(55), .waitTimeout),
            (["x-stainless-read-timeout": "14"], .seconds(900), .generationTimeout),
            (["x-stainless-read-timeout": "nan"], .seconds(900), .generationTimeout),
            (["x-stainless-timeout": "600"], .seconds(595), .waitTimeout),
            (["x-stainless-timeout": "600", "prefer": "wait=20"], .seconds(20), .accepted(applied: "wait=20")),
        ])
    func waitPolicies(_ fields: [String: String], _ wait: Duration, _ expiry: WaitPolicy.Expiry) throws {
        var headers = HTTPFields()
        for (name, value) in fields { headers[try #require(HTTPField.Name(name))] = value }
        let policy = WaitPolicy(
            headers: headers, isAsync: false, keepsAlive: false, limit: .seconds(900), timeoutAnswer: .error)
        #expect(policy.wait == wait)
        #expect(policy.expiry == expiry)
    }
}
