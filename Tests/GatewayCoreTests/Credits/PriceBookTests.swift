import GatewayCore
import GatewayTesting
import Testing

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
        #expect(PriceBook().quote(for: Self.task, accounts: [Self.account()]) == nil)
        #expect(PriceBook { _, _ in 4 }.quote(for: Self.task, accounts: []) == nil)
    }

    @Test func `an account's own price comes before its market's, and that before the documents`() {
        let book = PriceBook { _, region in region == .cn ? 16 : nil }
        #expect(book.quote(for: Self.task, accounts: [Self.account()]) == 16)
        #expect(book.quote(for: Self.task, accounts: [Self.account(region: .us)]) == nil)
        book.learn(Self.price(12, 2))
        #expect(book.quote(for: Self.task, accounts: [Self.account()]) == 12)
        book.learn(Self.price(0, 1))
        #expect(book.quote(for: Self.task, accounts: [Self.account()]) == 0)
    }

    @Test func `of several accounts the dearest counts`() {
        let book = PriceBook()
        book.learn(Self.price(3, 1))
        book.learn(Self.price(9, 2))
        #expect(book.quote(for: Self.task, accounts: [Self.account(1), Self.account(2)]) == 9)
    }

    @Test func `the sandbox and the site teach each other nothing`() {
        let book = PriceBook { _, _ in 16 }
        let sandbox = PriceMarket(region: .cn, isSandbox: true)
        #expect(book.quote(for: Self.task, accounts: [Self.account(isSandbox: true)]) == nil)
        book.learn(Self.price(12, 5, in: sandbox))
        #expect(book.quote(for: Self.task, accounts: [Self.account(isSandbox: true)]) == 12)
        #expect(book.quote(for: Self.task, accounts: [Self.account()]) == 16)
    }

    @Test func `an older price changes nothing, and the same again is no news`() {
        let book = PriceBook()
        #expect(book.learn(Self.price(12, 1, 10)))
        #expect(!book.learn(Self.price(99, 1, 5)))
        #expect(!book.learn(Self.price(12, 1, 20)))
        #expect(book.learn(Self.price(13, 1, 30)))
        #expect(book.quote(for: Self.task, accounts: [Self.account()]) == 13)
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
