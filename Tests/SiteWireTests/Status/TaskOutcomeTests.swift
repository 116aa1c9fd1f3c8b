import SiteWire
import Testing
import WireJSON

/// The rule that reads a task's state, row by row, and every recorded state.
@Suite struct TaskOutcomeTests {
    /// The outcome's name and the number of items it hands on.
    struct Expected: Sendable, Equatable {
        var name: String
        var items = 0
        var kind: SiteFault.Kind?
    }

    struct Row: Sendable {
        var row: Int
        var outer: JSONValue = 20
        var inner: JSONValue?
        var items = 0
        var withheld = 0
        var total = 0
        var finished = 0
        var end = false
        var failure: JSONObject = [:]
        var queueStatus: JSONValue?
        var expected: Expected
    }

    @Test(
        "each row of the rule gives its outcome",
        arguments: [
            Row(
                row: 2, outer: 30, inner: 30, failure: ["fail_code": "2038"], expected: failed(.contentPolicyViolation)),
            Row(row: 2, outer: 30, inner: 50, items: 1, expected: failed(.imageGenerationFailed, items: 1)),
            Row(row: 2, outer: 30, inner: 10, expected: failed(.contentPolicyViolation)),
            Row(row: 2, outer: 30, inner: 40, expected: failed(.outputFiltered)),
            Row(row: 2, outer: 20, inner: 40, expected: failed(.outputFiltered)),
            Row(row: 2, outer: 40, inner: nil, expected: failed(.outputFiltered)),
            Row(row: 2, outer: 20, inner: 30, expected: failed(.imageGenerationFailed)),
            Row(row: 2, outer: 30, inner: 30, queueStatus: 3, expected: Expected(name: "canceled")),
            Row(
                row: 2, outer: 30, inner: 30, items: 2, queueStatus: 3,
                expected: failed(.imageGenerationFailed, items: 2)),
            Row(
                row: 2, outer: 30, inner: 30, failure: ["fail_code": "2038"], queueStatus: 3,
                expected: failed(.contentPolicyViolation)),
            Row(
                row: 2, outer: 30, inner: 30, failure: ["fail_starling_message": "任务已取消"],
                expected: Expected(name: "canceled")),
            Row(
                row: 2, outer: 30, inner: 30, failure: ["fail_msg": "Task was cancelled by the user"],
                expected: Expected(name: "canceled")),
            Row(row: 3, outer: 50, inner: 50, items: 1, expected: Expected(name: "succeeded", items: 1)),
            Row(row: 3, outer: 20, inner: 50, items: 4, expected: Expected(name: "succeeded", items: 4)),
            Row(row: 3, outer: 50, inner: 42, items: 4, expected: Expected(name: "succeeded", items: 4)),
            Row(row: 3, outer: "50", inner: "50", items: 1, expected: Expected(name: "succeeded", items: 1)),
            Row(row: 3, outer: 50, inner: 50, expected: Expected(name: "emptySuccess")),
            Row(row: 3, outer: 50, inner: 50, withheld: 2, expected: Expected(name: "emptySuccess, withheld")),
            Row(
                row: 3, outer: 50, inner: 50, items: 1, withheld: 1, expected: Expected(name: "succeeded", items: 1)),
            Row(row: 4, outer: 100, inner: 20, expected: Expected(name: "gone")),
            Row(row: 4, outer: 20, inner: 100, items: 1, expected: Expected(name: "gone")),
            Row(row: 5, outer: 10, inner: 10, failure: ["fail_msg": "no"], expected: failed(.contentPolicyViolation)),
            Row(
                row: 5, outer: 20, inner: 10, items: 1, failure: ["fail_code": "2041"],
                expected: failed(.inputImageRejected, items: 1)),
            Row(row: 6, outer: 10, inner: 10, items: 4, expected: Expected(name: "succeeded", items: 4)),
            Row(row: 7, outer: 10, inner: 10, expected: Expected(name: "rejectedUnconfirmed")),
            Row(
                row: 7, outer: 10, inner: 10, failure: ["fail_code": "0"],
                expected: Expected(name: "rejectedUnconfirmed")),
            Row(
                row: 8, outer: 42, inner: 42, items: 4, total: 4, finished: 4, end: true,
                expected: Expected(name: "succeeded", items: 4)),
            Row(
                row: 8, outer: 45, inner: 45, items: 4, total: 4, finished: 5, end: true,
                expected: Expected(name: "succeeded", items: 4)),
            Row(
                row: 8, outer: 77, inner: -1, items: 1, total: 1, finished: 1, end: true,
                expected: Expected(name: "succeeded", items: 1)),
            Row(row: 8, outer: 42, inner: 42, items: 4, total: 4, finished: 4, expected: Expected(name: "running")),
            Row(
                row: 8, outer: 42, inner: 42, items: 3, total: 4, finished: 4, end: true,
                expected: Expected(name: "running")),
            Row(row: 8, outer: 42, inner: 42, items: 1, end: true, expected: Expected(name: "running")),
            Row(row: 9, outer: 0, inner: 0, expected: Expected(name: "running")),
            Row(row: 9, outer: 20, inner: 20, expected: Expected(name: "running")),
            Row(row: 9, outer: 42, inner: 42, items: 2, expected: Expected(name: "running")),
            Row(row: 10, outer: 45, inner: 45, total: 4, expected: Expected(name: "running")),
            Row(
                row: 11, outer: 45, inner: 45, items: 2, total: 4, finished: 2,
                expected: Expected(name: "stalling", items: 2)),
            Row(
                row: 11, outer: 45, inner: 45, items: 4, total: 4, finished: 4,
                expected: Expected(name: "stalling", items: 4)),
            Row(row: 12, outer: 60, inner: 60, end: true, expected: failed(.imageGenerationFailed)),
            Row(row: 12, outer: 70, inner: 70, failure: ["fail_code": "2042"], expected: failed(.outputFiltered)),
            Row(row: 12, outer: 80, inner: 80, expected: Expected(name: "running")),
            Row(
                row: 12, outer: 60, inner: 60, items: 1, total: 1, finished: 1, end: true,
                expected: Expected(name: "running")),
            Row(row: 13, outer: 21, inner: 21, items: 1, expected: Expected(name: "running")),
            Row(row: 13, outer: 999, inner: 999, failure: ["fail_code": "2038"], expected: Expected(name: "running")),
            Row(row: 13, outer: nil, inner: nil, expected: Expected(name: "running")),
        ])
    func rows(row: Row) throws {
        let item: JSONValue = ["image": ["large_images": [["image_url": "https://img.example/x"]]]]
        var members = row.failure
        members["status"] = row.outer
        var task: JSONObject = ["finish_time": row.end ? 1_772_260_012 : 0]
        task["status"] = row.inner
        members["task"] = .object(task)
        members["item_list"] = .array(Array(repeating: item, count: row.items))
        members["failed_item_list"] = .array(Array(repeating: [:], count: row.withheld))
        members["total_image_count"] = .integer(Int64(row.total))
        members["finished_image_count"] = .integer(Int64(row.finished))
        if let status = row.queueStatus { members["queue_info"] = ["queue_status": status] }
        let outcome = TaskOutcome(try Fixtures.record(.object(members)))
        #expect(Self.summary(outcome) == row.expected, "row \(row.row)")
    }

    @Test("an id without an entry is still running, as row 1 says")
    func noEntry() {
        #expect(TaskOutcome(nil) == .running)
    }

    @Test(
        "a 45 never ends a task by itself",
        arguments: [0, 1, 4], [0, 4, 8])
    func waiting(items: Int, total: Int) throws {
        let item: JSONValue = ["image": ["large_images": [["image_url": "https://img.example/x"]]]]
        let record = try Fixtures.record([
            "status": 45, "task": ["status": 45, "finish_time": 0], "total_image_count": .integer(Int64(total)),
            "finished_image_count": .integer(Int64(total)), "item_list": .array(Array(repeating: item, count: items)),
        ])
        let name = Self.summary(TaskOutcome(record)).name
        #expect(name == "running" || name == "stalling")
    }

    @Test(
        "every recorded state gives its outcome",
        arguments: [
            ("history.image.blend-status50.success", Expected(name: "succeeded", items: 4)),
            ("history.image.missing.success", Expected(name: "running")),
            ("history.image.multi-progress.success", Expected(name: "stalling", items: 4)),
            ("history.image.status10-empty.fail", failed(.contentPolicyViolation)),
            ("history.image.status10.success", Expected(name: "succeeded", items: 1)),
            ("history.image.status20.success", Expected(name: "running")),
            ("history.image.status30-content.fail", failed(.contentPolicyViolation)),
            ("history.image.status30-generic.fail", failed(.imageGenerationFailed)),
            ("history.image.status30-partial.success", failed(.inputImageRejected, items: 2)),
            ("history.image.status40.fail", failed(.outputFiltered)),
            ("history.image.status42.success", Expected(name: "running")),
            ("history.image.status45-complete.success", Expected(name: "stalling", items: 4)),
            ("history.image.status45-empty.success", Expected(name: "running")),
            ("history.image.status45-partial.success", Expected(name: "stalling", items: 2)),
            ("history.image.status50-no-url.fail", Expected(name: "emptySuccess")),
            ("history.image.status50.success", Expected(name: "succeeded", items: 4)),
            ("history.video.missing.success", Expected(name: "running")),
            ("history.video.status20-queued.success", Expected(name: "running")),
            ("history.video.status20-running.success", Expected(name: "running")),
            ("history.video.status30-cancelled.fail", Expected(name: "canceled")),
            ("history.video.status30-generic.fail", failed(.videoGenerationFailed)),
            ("history.video.status30-risk.fail", failed(.outputFiltered)),
            ("history.video.status42.success", Expected(name: "running")),
            ("history.video.status50-intl.success", Expected(name: "succeeded", items: 1)),
            ("history.video.status50.success", Expected(name: "succeeded", items: 1)),
        ] as [(String, Expected)])
    func recorded(example: String, expected: Expected) throws {
        let asked = try #require(
            try Vectors.example(example)["request"]?["body"]?["history_ids"]?[0]?.string)
        let envelope = try SiteEnvelope.open(status: 200, body: try Vectors.response(example), context: .read)
        #expect(Self.summary(TaskOutcome(HistoryReply(envelope, asked: [asked]).records[asked])) == expected)
    }

    @Test("no recorded state of a picture or video is left out of that list")
    func allRecorded() throws {
        let names = try Vectors.exampleNames(prefix: "history.image.") + Vectors.exampleNames(prefix: "history.video.")
        #expect(names.count == 25)
    }

    private static func failed(_ kind: SiteFault.Kind, items: Int = 0) -> Expected {
        Expected(name: "failed", items: items, kind: kind)
    }

    private static func summary(_ outcome: TaskOutcome) -> Expected {
        switch outcome {
        case .running: Expected(name: "running")
        case .succeeded(let items): Expected(name: "succeeded", items: items.count)
        case .emptySuccess(let isWithheld): Expected(name: isWithheld ? "emptySuccess, withheld" : "emptySuccess")
        case .failed(let fault, let items): failed(fault.kind, items: items.count)
        case .canceled: Expected(name: "canceled")
        case .gone: Expected(name: "gone")
        case .rejectedUnconfirmed: Expected(name: "rejectedUnconfirmed")
        case .stalling(let items): Expected(name: "stalling", items: items.count)
        }
    }
}
