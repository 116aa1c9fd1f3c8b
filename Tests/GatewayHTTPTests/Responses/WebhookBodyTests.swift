import GatewayCore
import GatewayTesting
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("The announcement of a generation's end")
struct WebhookBodyTests {
    private func announcement(_ change: (inout Job) -> Void) throws -> JSONValue {
        let body = WebhookBody(
            configuration: HTTPConfiguration(), catalogue: .sample, vault: TestVault(), time: ManualTime(),
            logger: LogRecorder().logger())
        let target = WebhookTarget(url: Secret("https://hook.example/KEY"), secret: nil, origin: "http://gateway:5100")
        let job = Job.sample(1, sealedWebhook: [1]).with { job in
            job.completedAt = .sample + .seconds(7)
            change(&job)
        }
        return try JSONValue.parse(body.bytes(of: job, for: target, messageID: "msg_1"))
    }

    @Test("names the end and shows the generation as a look at it would", arguments: [JobState.succeeded, .partial])
    func finished(_ state: JobState) throws {
        let value = try announcement { job in
            job.state = state
            job.outputs = [GenerationOutput(remote: .sample())]
        }
        #expect(value["type"]?.string == "generation.\(state.rawValue)")
        #expect(value["created_at"]?.int == Timestamp.sample.seconds + 7)
        #expect(value["data"]?["id"]?.string == GenerationID.sample(1).rawValue)
        #expect(value["data"]?["object"] == "generation")
        #expect(value["data"]?["status"]?.string == state.rawValue)
        #expect(value["data"]?["progress"] == 100)
        #expect(value["data"]?["data"]?[0]?["url"]?.string == RemoteOutput.sample().url)
        #expect(value["data"]?["error"] == .null)
        #expect(!value.serializedString().contains("hook.example"))
    }

    @Test("says why a generation failed")
    func failed() throws {
        let value = try announcement { job in
            job.state = .failed
            job.fault = GenerationFault(.contentPolicyViolation)
        }
        #expect(value["type"] == "generation.failed")
        #expect(value["data"]?["error"]?["code"] == "content_policy_violation")
        #expect(value["data"]?["error"]?["request_id"] == "msg_1")
    }
}
