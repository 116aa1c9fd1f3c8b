import GatewayCore
import GatewayTesting
import Testing

@Suite("When webhooks are sent again")
struct WebhookScheduleTests {
    private static func next(after attempt: Int, _ answer: Result<Int, WebhookFault>) -> WebhookResult {
        WebhookSchedule.result(of: attempt, answer, at: .sample)
    }

    @Test(
        "failed attempts are followed by another one, later and later",
        arguments: zip(1...8, [30, 60, 300, 900, 3600, 10_800, 21_600, 43_200]))
    func waits(_ attempt: Int, _ seconds: Int) {
        let due = Timestamp.sample + .seconds(seconds)
        #expect(Self.next(after: attempt, .success(500)) == .failed(status: 500, next: due))
        #expect(Self.next(after: attempt, .failure(.timeout)) == .failed(status: nil, next: due))
    }

    @Test("the ninth failure is the last")
    func last() {
        #expect(Self.next(after: 9, .success(503)) == .abandoned(status: 503))
        #expect(Self.next(after: 9, .failure(.unreachable)) == .abandoned(status: nil))
    }

    @Test("every 2xx is a delivery, at any attempt", arguments: [200, 202, 204, 299])
    func delivered(_ status: Int) {
        #expect(Self.next(after: 1, .success(status)) == .delivered(status: status))
        #expect(Self.next(after: 9, .success(status)) == .delivered(status: status))
    }

    @Test("redirects and refusals are failures", arguments: [100, 199, 300, 302, 400, 404, 429])
    func refused(_ status: Int) {
        #expect(Self.next(after: 1, .success(status)) == .failed(status: status, next: .sample + .seconds(30)))
    }

    @Test("a receiver that is gone and an address that is not allowed are not tried again")
    func abandoned() {
        #expect(Self.next(after: 1, .success(410)) == .abandoned(status: 410))
        #expect(Self.next(after: 1, .failure(.addressNotAllowed)) == .abandoned(status: nil))
    }
}
