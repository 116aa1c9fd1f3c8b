import GatewayTesting
import Testing

@testable import GatewayCore

@Suite struct PriceBookTests {
    private static let task = GenerationTask.textToImage(.sample(count: 4))
    private static let site = PriceMarket(region: .cn, isSandbox: false)

    private static func account(_ number: Int = 1, region: Region = .cn, isSandbox: Bool = false) -> AccountCredential {
        .sample(number, region: region, isSandbox: isSandbox)
    }

    private static func price(_ credits: Int, _ account: Int = 1, _ seconds: Int = 0, in market: PriceMarket = site)
        -> LearntPrice
    {
        LearntPrice(
            key: task.priceKey, account: .sample(account), market: market, credits: credits,
            learntAt: .sample + .seconds(seconds))
    }

    @Test func `what is not known is not quoted`() {
        #expect(PriceBook().estimate(for: Self.task, accounts: [Self.account()], at: .sample).quote == nil)
        #expect(PriceBook(documented: { _, _ in 4 }).estimate(for: Self.task, accounts: [], at: .sample).quote == nil)
    }

    @Test func `an account's own price comes before its market's, and that before the documents`() {
        let book = PriceBook(documented: { _, region in region == .cn ? 16 : nil })
        #expect(book.estimate(for: Self.task, accounts: [Self.account()], at: .sample).quote == 16)
        #expect(book.estimate(for: Self.task, accounts: [Self.account(region: .us)], at: .sample).quote == nil)
        book.learn(Self.price(12, 2))
        #expect(book.estimate(for: Self.task, accounts: [Self.account()], at: .sample).quote == 12)
        book.learn(Self.price(0, 1))
        #expect(book.estimate(for: Self.task, accounts: [Self.account()], at: .sample).quote == 0)
    }

    @Test func `of several accounts the dearest counts`() {
        let book = PriceBook()
        book.learn(Self.price(3, 1))
        book.learn(Self.price(9, 2))
        #expect(book.estimate(for: Self.task, accounts: [Self.account(1), Self.account(2)], at: .sample).quote == 9)
    }

    @Test func `the sandbox and the site teach each other nothing`() {
        let book = PriceBook(documented: { _, _ in 16 })
        let sandbox = PriceMarket(region: .cn, isSandbox: true)
        #expect(book.estimate(for: Self.task, accounts: [Self.account(isSandbox: true)], at: .sample).quote == nil)
        book.learn(Self.price(12, 5, in: sandbox))
        #expect(book.estimate(for: Self.task, accounts: [Self.account(isSandbox: true)], at: .sample).quote == 12)
        #expect(book.estimate(for: Self.task, accounts: [Self.account()], at: .sample).quote == 16)
    }

    private static func asked(
        _ credits: Int, _ unit: SitePrices.Price.Unit = .result, minimum: Int = 1, free: Int = 0
    ) -> SitePrices {
        SitePrices(["name": .init(unit: unit, credits: credits, minimumUnits: minimum, freeUnits: free)])
    }

    private static func pricedBook(_ prices: SitePrices, of account: AccountCredential = account()) -> PriceBook {
        let book = PriceBook(
            benefitType: { task, _ in task.model == "unnamed" ? nil : "name" }, documented: { _, _ in 16 },
            defaultCount: { $0 == "jimeng-4.5" ? 2 : nil })
        book.keep(prices, of: account, at: .sample)
        return book
    }

    @Test func `the site's own price comes after the account's last one, and before all others`() {
        let book = Self.pricedBook(Self.asked(5))
        book.learn(Self.price(7, 2))
        let accounts = [Self.account()]
        #expect(book.estimate(for: Self.task, accounts: accounts, at: .sample) == PriceEstimate(quote: 20))
        #expect(book.estimate(for: Self.task, accounts: [Self.account(3)], at: .sample).quote == 7)
        // A day later it is no news any more.
        let later = Timestamp.sample + .seconds(86_400)
        #expect(book.estimate(for: Self.task, accounts: accounts, at: later).quote == 7)
        book.learn(Self.price(9, 1))
        #expect(book.estimate(for: Self.task, accounts: accounts, at: .sample).quote == 9)
    }

    @Test func `units are pictures or seconds, and what can't be counted is not quoted`() {
        func quote(_ task: GenerationTask, _ prices: SitePrices) -> Int? {
            let book = PriceBook(benefitType: { _, _ in "name" }, defaultCount: { $0 == "jimeng-4.5" ? 2 : nil })
            book.keep(prices, of: Self.account(), at: .sample)
            return book.estimate(for: task, accounts: [Self.account()], at: .sample).quote
        }
        func film(_ seconds: Int, _ mode: VideoTask.Mode = .text) -> GenerationTask {
            .video(
                VideoTask(
                    model: "film", prompt: "p", ratio: "16:9", resolution: "720p", seconds: seconds, seed: 1,
                    mode: mode))
        }
        let video = InputMaterial.sample(kind: .video, seconds: 3)
        #expect(quote(Self.task, Self.asked(5)) == 20)
        #expect(quote(.textToImage(.sample()), Self.asked(5)) == 10)
        #expect(quote(.textToImage(.sample(model: "other")), Self.asked(5)) == nil)
        #expect(quote(Self.task, Self.asked(5, .second)) == nil)
        #expect(quote(film(4), Self.asked(6, .second)) == 24)
        #expect(quote(film(4, .omni(materials: [video], pieces: [])), Self.asked(6, .second)) == 42)
        #expect(quote(film(4), Self.asked(6)) == 6)
        #expect(quote(film(4), Self.asked(6, .second, minimum: 5)) == 30)
        #expect(quote(film(4), Self.asked(.max, .second)) == nil)
        #expect(quote(Self.task, Self.asked(0)) == 0)
    }

    @Test func `what is free is promised once, and is less when the site has taken a job`() {
        let book = Self.pricedBook(Self.asked(5, free: 9))
        let accounts = [Self.account()]
        func quote() -> Int? { book.estimate(for: Self.task, accounts: accounts, at: .sample).quote }
        func job(_ number: Int) -> Job { .sample(number, task: Self.task) }
        #expect(quote() == 0)
        book.started(job(1), accounts: accounts, at: .sample)
        #expect(quote() == 0)
        book.started(job(2), accounts: accounts, at: .sample)
        #expect(quote() == 20, "the one that is left is not enough")
        // Never sent.
        book.ended(job(2).id)
        #expect(quote() == 0)
        book.taken(job(1).id, by: Self.account().id)
        book.ended(job(1).id)
        #expect(quote() == 0)
        book.started(job(3), accounts: accounts, at: .sample)
        #expect(quote() == 20)
        book.taken(job(3).id, by: .sample(99))
        #expect(quote() == 0, "another account has it")
        book.started(job(4), accounts: accounts, at: .sample)
        book.keep(Self.asked(5, free: 9), of: Self.account(), at: .sample)
        book.started(job(5), accounts: accounts, at: .sample)
        #expect(quote() == 20, "a new reading does not know what waits")
    }

    @Test func `what is not known is guessed by the dearest picture or second, for budgets only`() {
        let book = PriceBook(
            documented: { _, region in region == .cn ? 16 : nil }, dearest: { _, region in region == .us ? 26 : 8 },
            defaultCount: { _ in 2 })
        let america = Self.account(2, region: .us)
        #expect(book.estimate(for: Self.task, accounts: [Self.account()], at: .sample) == PriceEstimate(quote: 16))
        #expect(book.estimate(for: Self.task, accounts: [america], at: .sample) == PriceEstimate(caution: 104))
        #expect(
            book.estimate(for: Self.task, accounts: [Self.account(), america], at: .sample)
                == PriceEstimate(quote: 16, caution: 104))
        let sandbox = Self.account(3, isSandbox: true)
        #expect(book.estimate(for: Self.task, accounts: [sandbox], at: .sample) == PriceEstimate(caution: 32))
        #expect(
            book.estimate(for: .textToImage(.sample()), accounts: [sandbox], at: .sample) == PriceEstimate(caution: 16),
            "the site's own number of pictures")
        book.learn(Self.price(500, 3))
        #expect(
            book.estimate(for: Self.task, accounts: [Self.account(), america], at: .sample)
                == PriceEstimate(quote: 500, caution: 500), "a guess is never below what is known")
    }

    @Test func `a guess is never below the dearest that was paid in its market for its kind`() {
        let book = PriceBook(dearest: { _, _ in 8 })
        func film(_ seconds: Int) -> GenerationTask {
            .video(
                VideoTask(
                    model: "film", prompt: "p", ratio: "16:9", resolution: "720p", seconds: seconds, seed: 1,
                    mode: .text))
        }
        func pay(_ credits: Int, for task: GenerationTask, isSandbox: Bool = false) {
            book.learn(
                LearntPrice(
                    key: task.priceKey, account: .sample(9), market: PriceMarket(region: .cn, isSandbox: isSandbox),
                    credits: credits, learntAt: .sample))
        }
        pay(101, for: film(5))
        pay(900, for: film(5), isSandbox: true)
        #expect(book.estimate(for: film(10), accounts: [Self.account()], at: .sample).caution == 210)
        #expect(book.estimate(for: Self.task, accounts: [Self.account()], at: .sample).caution == 32)
        pay(30, for: .textToImage(.sample(resolution: "4k", count: 2)))
        pay(5, for: .textToImage(.sample(resolution: "1k", count: 2)))
        #expect(book.estimate(for: Self.task, accounts: [Self.account()], at: .sample).caution == 60)
        pay(.max, for: .textToImage(.sample(resolution: "1k", count: 1)))
        #expect(book.estimate(for: Self.task, accounts: [Self.account()], at: .sample).caution == 1_000_000_000)
    }

    @Test func `an older price changes nothing, and the same again is no news`() {
        let book = PriceBook()
        #expect(book.learn(Self.price(12, 1, 10)))
        #expect(!book.learn(Self.price(99, 1, 5)))
        #expect(!book.learn(Self.price(12, 1, 20)))
        #expect(book.learn(Self.price(13, 1, 30)))
        #expect(book.estimate(for: Self.task, accounts: [Self.account()], at: .sample).quote == 13)
    }

    @Test func `what makes a price differ makes another key`() {
        func film(_ seconds: Int, _ mode: VideoTask.Mode = .text, resolution: String = "720p") -> GenerationTask {
            .video(
                VideoTask(
                    model: "film", prompt: "p", ratio: "16:9", resolution: resolution, seconds: seconds, seed: 1,
                    mode: mode))
        }
        let keys: [PriceKey] = [
            Self.task.priceKey, GenerationTask.textToImage(.sample(count: 1)).priceKey,
            GenerationTask.textToImage(.sample()).priceKey,
            GenerationTask.textToImage(.sample(resolution: "4k", count: 4)).priceKey,
            GenerationTask.textToImage(.sample(model: "jimeng-5.0", count: 4)).priceKey,
            GenerationTask.imageToImage(.sample(count: 4), inputs: []).priceKey, film(5).priceKey, film(10).priceKey,
            film(5, resolution: "1080p").priceKey, film(5, .omni(materials: [], pieces: [])).priceKey,
        ]
        #expect(Set(keys).count == keys.count)
        let same = GenerationTask.textToImage(.sample(prompt: "something else", count: 4, seed: 99))
        #expect(same.priceKey == Self.task.priceKey)
        #expect(Self.task.priceKey.rawValue == "image/jimeng-4.5/2k/x4/text")
    }

    @Test func `a balance is replaced by newer readings only`() {
        let book = BalanceBook()
        #expect(book[.sample()] == nil)
        book.record(60, of: .sample(), at: .sample + .seconds(9))
        book.record(99, of: .sample(), at: .sample)
        #expect(book[.sample()] == BalanceBook.Reading(credits: 60, readAt: .sample + .seconds(9)))
    }
}
