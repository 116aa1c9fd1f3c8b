import GatewayTesting
import Logging
import Synchronization
import Testing

@testable import GatewayCore

@Suite(.timeLimit(.minutes(10))) struct BudgetTests {
    private static let account = AccountCredential(
        id: .sample(), region: .cn, session: Secret("0123456789abcdef"), proxy: nil, isSandbox: false)

    private let store = MemoryStore()
    private let time = ManualTime()
    private let warnings = WarningLog()

    /// An engine that starts nothing; `price`: the documented one, `dearest`: of a picture of unknown price.
    private func engine(price: Int? = nil, dearest: Int = 8) -> Engine {
        engine(PriceBook(documented: { _, _ in price }, dearest: { _, _ in dearest }))
    }

    private func engine(_ prices: PriceBook) -> Engine {
        Engine(
            configuration: EngineConfiguration(), jobs: store, accounts: store, usage: store, media: MemoryMedia(),
            inputs: MemoryInputs(), vault: TestVault(), upstream: ScriptedUpstream(), time: time, holder: "test",
            typicalRunTime: { _ in nil },
            prices: prices,
            logger: warnings.logger)
    }

    private func start(_ number: Int, on engine: Engine, _ budget: CreditBudget) async throws -> StartOutcome {
        let sample = Job.sample(number, task: .textToImage(.sample(count: 1)))
        var request = NewGeneration(
            task: sample.task, requestedModel: sample.requestedModel, owner: "key_a", fingerprint: "\(number)",
            accounts: [Self.account])
        request.budget = budget
        return try await engine.start(request)
    }

    private func startMany(
        _ count: Int, on engine: Engine, _ budget: CreditBudget
    ) async throws -> (started: [Job], refusals: [CreditStanding]) {
        try await withThrowingTaskGroup(of: StartOutcome.self) { group in
            for number in 1...count { group.addTask { try await start(number, on: engine, budget) } }
            return try await group.reduce(into: ([], [])) { sum, outcome in
                switch outcome {
                case .started(let job): sum.0.append(job)
                case .budgetUsed(let standing): sum.1.append(standing)
                default: Issue.record("\(outcome)")
                }
            }
        }
    }

    @Test func `requests at the same time never reserve more than the budget has`() async throws {
        let (started, refusals) = try await startMany(
            20, on: engine(price: 10), CreditBudget(perDay: 35, perMonth: 1000))
        #expect(started.count == 3)
        #expect(refusals.count == 17)
        #expect(refusals.allSatisfy { $0.period == .day && $0.spent.total == 30 && $0.limit == 35 })
    }

    @Test func `a guess is set aside for generations of unknown price, and no one is shown it`() async throws {
        let (started, refusals) = try await startMany(20, on: engine(), CreditBudget(perDay: 35))
        #expect(started.count == 4)
        #expect(started.allSatisfy { $0.quotedCredits == nil })
        #expect(refusals.allSatisfy { $0.spent == SpentCredits(reserved: 32) })
    }

    @Test func `a small budget runs one generation of unknown price at a time`() async throws {
        let engine = engine()
        let (started, refusals) = try await startMany(3, on: engine, CreditBudget(perDay: 5))
        #expect(started.count == 1)
        #expect(refusals.count == 2)
        // Canceled before it was sent, so nothing is set aside for it any more.
        let job = try #require(started.first)
        _ = try await store.save(job.with { $0.state = .canceled }, expecting: .queued, lease: nil)
        #expect(try await store.spent(by: "key_a", since: .sample) == SpentCredits())
        let next = try await start(4, on: engine, CreditBudget(perDay: 5))
        guard case .started = next else {
            Issue.record("\(next)")
            return
        }
    }

    @Test func `what is free is not promised twice to requests at the same time`() async throws {
        let prices = PriceBook(benefitType: { _, _ in "name" })
        prices.keep(
            SitePrices(["name": .init(unit: .result, credits: 10, freeUnits: 2)]), of: Self.account, at: .sample)
        let (started, refusals) = try await startMany(20, on: engine(prices), CreditBudget(perDay: 5))
        #expect(started.map(\.quotedCredits) == [0, 0])
        #expect(refusals.count == 18)
    }

    @Test func `the dearest picture that was paid for raises the guess`() async throws {
        let engine = engine(dearest: 2)
        let other = GenerationTask.textToImage(.sample(model: "jimeng-5.0-pro", count: 4))
        engine.prices.learn(
            LearntPrice(
                key: other.priceKey, account: .sample(9), market: PriceMarket(region: .cn, isSandbox: false),
                credits: 33, learntAt: .sample))
        _ = try await start(1, on: engine, CreditBudget(perDay: 100))
        #expect(try await store.spent(by: "key_a", since: .sample).reserved == 9)
    }

    @Test func `four fifths of a budget are worth one warning in each period`() async throws {
        let engine = engine(price: 10)
        let budget = CreditBudget(perDay: 50, perMonth: 1000, name: "team")
        for number in 1...3 { _ = try await start(number, on: engine, budget) }
        #expect(warnings.lines.isEmpty)
        for number in 4...9 { _ = try await start(number, on: engine, budget) }
        #expect(warnings.lines.count == 1)
        let line = try #require(warnings.lines.first)
        for part in ["key_a", "team", "day", "50", "40"] { #expect(line.contains(part), "\(line)") }
        // The next day begins anew.
        time.advance(by: .seconds(86_400))
        for number in 10...14 { _ = try await start(number, on: engine, budget) }
        #expect(warnings.lines.count == 2)
    }
}

/// What was logged as a warning or worse.
private final class WarningLog: Sendable {
    private let storage = Mutex<[String]>([])

    var lines: [String] { storage.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: WarningLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.warning

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.storage.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
        }
    }
}
