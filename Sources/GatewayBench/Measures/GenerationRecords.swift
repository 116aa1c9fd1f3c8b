import NIOCore
import WireJSON

/// Generations that were started with `async`, and how the gateway says they stand.
struct GenerationRecords {
    let bench: Bench
    /// The gateway's id by our number, of every generation whose start was acknowledged.
    let ids: [Int: String]
    /// The account that a number was started with.
    let account: (Int) -> Int

    init(bench: Bench, started: [Sample], account: @escaping (Int) -> Int) {
        self.bench = bench
        self.account = account
        var ids: [Int: String] = [:]
        for sample in started where sample.status == 202 {
            let body = Array(sample.body?.readableBytesView ?? .init())
            // An answer that is no JSON leaves its generation out, and with that counts as not finished.
            ids[sample.number] = (try? JSONValue.parse(body))?["id"]?.string
        }
        self.ids = ids
    }

    /// The state of each number, by one request each.
    func statuses(of numbers: [Int], _ gateway: ServerProcess) async throws -> [Int: String] {
        let calls = numbers.compactMap { number in
            ids[number].map { ImageOrder.record($0, number: number, account: account(number)) }
        }
        let samples = try await bench.load.run(
            .each(calls, keepsBodies: true, limit: .seconds(120)), port: gateway.port, connections: 16)
        var statuses: [Int: String] = [:]
        for sample in samples where sample.status == 200 {
            let body = Array(sample.body?.readableBytesView ?? .init())
            statuses[sample.number] = try JSONValue.parse(body)["status"]?.string
        }
        return statuses
    }
}
