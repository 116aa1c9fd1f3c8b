import GatewayCore
import GatewayTesting
import Logging
import Testing

@Suite(.timeLimit(.minutes(10))) struct BudgetTests {
    @Test func `requests at the same time never reserve more than the budget has`() async throws {
        let store = MemoryStore()
        let account = AccountCredential(
            id: .sample(), region: .cn, session: Secret("0123456789abcdef"), proxy: nil, isSandbox: false)
        let engine = Engine(
            configuration: EngineConfiguration(), jobs: store, accounts: store, usage: store, media: MemoryMedia(),
            inputs: MemoryInputs(), vault: TestVault(), upstream: ScriptedUpstream(), time: ManualTime(),
            holder: "test",
            typicalRunTime: { _ in nil }, documentedPrice: { _, _ in 10 },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let outcomes = try await withThrowingTaskGroup(of: StartOutcome.self) { group in
            for number in 1...20 {
                group.addTask {
                    let sample = Job.sample(number)
                    var request = NewGeneration(
                        task: sample.task, requestedModel: sample.requestedModel, owner: "key_a",
                        fingerprint: "\(number)", accounts: [account])
                    request.budget = CreditBudget(perDay: 35, perMonth: 1000)
                    return try await engine.start(request)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let started = outcomes.count { if case .started = $0 { true } else { false } }
        #expect(started == 3)
        let refusals = outcomes.compactMap { outcome -> CreditBudget.Excess? in
            if case .budgetUsed(let excess) = outcome { excess } else { nil }
        }
        #expect(refusals.count == 17)
        #expect(refusals.allSatisfy { $0.period == .day && $0.used == 30 && $0.limit == 35 })
    }
}
