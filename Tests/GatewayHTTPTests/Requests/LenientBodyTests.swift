import GatewayCore
import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("Bodies that are not quite JSON", .timeLimit(.minutes(10)))
struct LenientBodyTests {
    @Test("a repaired body says so, in the answer and in the log, without its content")
    func repaired() async throws {
        let gateway = Gateway()
        let answer = try await gateway.generate("{'prompt':'it's a lighthouse','n':1,}")
        #expect(answer.status == 200)
        #expect(answer["x-jimeng-notice"]?.hasPrefix("body_repaired:single-quote+trailing-comma") == true)
        #expect(answer.json["jimeng"]?["notices"]?[0] == "body_repaired:single-quote+trailing-comma")
        #expect(gateway.generations.requests.first?.task.prompt == "it's a lighthouse")
        let lines = gateway.logs.lines.filter { $0.contains("body repaired") }
        #expect(lines.count == 1)
        #expect(lines[0].hasPrefix("warning body repaired body.repairs=single-quote+trailing-comma request.id=req_"))
        #expect(!lines[0].contains("lighthouse"))
    }

    @Test("a proper body is not touched")
    func proper() async throws {
        let gateway = Gateway()
        let answer = try await gateway.generate(#"{"prompt":"he said: [1,]  ,} ok"}"#)
        #expect(answer["x-jimeng-notice"] == nil)
        #expect(gateway.generations.requests.first?.task.prompt == "he said: [1,]  ,} ok")
    }

    @Test(
        "what can't be repaired is refused with its place",
        arguments: [
            (#"{"prompt":"x","n":.5}"#, 1, 19), ("{prompt:'x',\n n:1", 2, 5), ("[1,]", 1, 1),
            (#"{"prompt":"x"}}"#, 1, 15),
        ])
    func refused(_ body: String, _ line: Int, _ column: Int) async throws {
        let answer = try await Gateway().generate(body)
        #expect(answer.status == 400)
        #expect(answer.code == "invalid_json")
        #expect(
            answer.error["message"]?.string
                == "The request body is not valid JSON (line \(line), column \(column)).")
    }

    @Test("repairs can be switched off")
    func strict() async throws {
        let gateway = Gateway { $0.repairsJSON = false }
        #expect(try await gateway.generate(#"{"prompt":"x",}"#).code == "invalid_json")
        #expect(try await gateway.generate(#"{"prompt":"x"}"#).status == 200)
    }
}
