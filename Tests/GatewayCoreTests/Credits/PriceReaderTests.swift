import GatewayTesting
import Logging
import Testing

@testable import GatewayCore

@Suite(.timeLimit(.minutes(10))) struct PriceReaderTests {
    private let time = ManualTime()
    private let site = ScriptedUpstream()
    private let book = PriceBook(benefitType: { _, _ in "name" })

    private var reader: PriceReader {
        PriceReader(
            upstream: site, prices: book, time: time, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private var quote: Int? {
        book.estimate(for: .textToImage(.sample(count: 2)), accounts: [.sample()], at: time.now).quote
    }

    @Test func `an account's prices are read at most once in some hours`() async {
        site.onPrices { _ in SitePrices(["name": .init(unit: .result, credits: 4)]) }
        let reader = reader
        for _ in 0..<3 { await reader.readIfDue(for: .sample()) }
        #expect(site.calls == [.prices(.sample())])
        #expect(quote == 8)
        await reader.readIfDue(for: .sample(2))
        #expect(site.calls.count == 2)
        time.advance(by: PriceReader.gap)
        await reader.readIfDue(for: .sample())
        #expect(site.calls.count == 3)
    }

    @Test func `a failure is no reason to ask again at once`() async {
        site.onPrices { _ throws(GenerationFault) in throw GenerationFault(.upstreamInvalidResponse) }
        let reader = reader
        for _ in 0..<3 { await reader.readIfDue(for: .sample()) }
        #expect(site.calls.count == 1)
        #expect(quote == nil)
    }

    @Test func `a look at a pool account that succeeds reads the prices along with it`() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let keeper = AccountKeeper(
            store: MemoryStore(), vault: TestVault(), time: time, logger: logger, chance: { 0.5 })
        let desk = AccountDesk(upstream: site, time: time, keeper: keeper)
        let administration = AccountAdministration(
            keeper: keeper, desk: desk, policy: TokenPolicy(), running: { _ in 0 })
        let checker = AccountChecker(
            keeper: keeper, desk: desk, prices: reader, claimsDailyCredits: false, time: time, logger: logger)
        site.onCredits { _ in CreditBalance(gift: 60, purchase: 0, vip: 0) }
        site.onPrices { _ in SitePrices() }
        _ = try await administration.add(token: Secret("us-session-of-account-one"))
        func count(_ isRight: (ScriptedUpstream.Call) -> Bool) -> Int { site.calls.count(where: isRight) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await checker.run() }
            while count({ if case .credits = $0 { true } else { false } }) < 6 {
                try await time.advanceToNextSleeper()
            }
            group.cancelAll()
        }
        // Six looks in three hours.
        #expect(count { if case .prices = $0 { true } else { false } } == 1)
    }
}
