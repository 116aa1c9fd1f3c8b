import GatewayTesting
import Logging
import Testing

@testable import GatewayCore

@Suite("What is known of the accounts' models", .timeLimit(.minutes(10)))
struct CatalogueBookTests {
    /// A book over a scripted site, whose catalogues hold one new model each.
    private struct Bench {
        let time = ManualTime()
        let site = ScriptedUpstream()
        let book: CatalogueBook

        init(limits: CatalogueBook.Limits = CatalogueBook.Limits()) {
            site.onCatalogue { account in LiveCatalogue(images: [Bench.model("new_\(account.id)")], videos: nil) }
            book = CatalogueBook(
                builtIn: ModelCatalogue(models: [], defaultImageModel: "", defaultVideoModel: ""), limits: limits,
                time: time, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                fetch: { [site] account async throws(GenerationFault) in try await site.catalogue(of: account) })
        }

        static func model(_ key: String) -> LiveModel {
            LiveModel(
                key: key, resolutions: ["2k"], sizes: ["2k": [.square: PixelSize(width: 2048, height: 2048)]])
        }

        func view(_ numbers: Int...) -> CatalogueBook.View { book.view(for: numbers.map { .sample($0) }) }
        func refresh(_ numbers: Int...) async { await book.refresh(numbers.map { .sample($0) }) }
        var fetches: Int { site.calls.count }
    }

    @Test("nothing is asked of the site until somebody wants to know")
    func nothing() {
        let bench = Bench()
        #expect(bench.book.isEmpty)
        #expect(bench.view(1).source == .fixed)
        bench.book.wanted(for: [.sample(1)])
        #expect(bench.fetches == 0)
    }

    @Test("what was fetched counts for its account alone")
    func own() async {
        let bench = Bench()
        await bench.refresh(1)
        #expect(bench.view(1).source == .live)
        #expect(bench.view(1).catalogue.models.map(\.id) == ["new_\(AccountID.sample(1))"])
        #expect(bench.view(2).source == .fixed)
        #expect(bench.view(2).catalogue.models.isEmpty)
        await bench.refresh(2)
        #expect(bench.view(2, 1).catalogue.models.count == 2)
    }

    @Test("a young catalogue is not fetched again, an old one is stale until it is")
    func age() async {
        let bench = Bench()
        await bench.refresh(1)
        bench.time.advance(by: .seconds(299))
        await bench.refresh(1)
        #expect(bench.fetches == 1)
        bench.time.advance(by: .seconds(301))
        #expect(bench.view(1).source == .stale)
        await bench.refresh(1)
        #expect(bench.fetches == 2)
        #expect(bench.view(1).source == .live)
    }

    @Test("a failure keeps what was known and is not repeated at once")
    func failure() async {
        let bench = Bench()
        await bench.refresh(1)
        bench.time.advance(by: .seconds(600))
        bench.site.onCatalogue { _ throws(GenerationFault) in throw GenerationFault(.upstreamUnreachable) }
        await bench.refresh(1)
        await bench.refresh(1)
        #expect(bench.fetches == 2)
        #expect(bench.view(1).source == .stale)
        #expect(bench.view(1).catalogue.models.count == 1)
        bench.time.advance(by: .seconds(30))
        await bench.refresh(1)
        #expect(bench.fetches == 3)
    }

    @Test("a half that could not be read is kept as it was")
    func half() async {
        let bench = Bench()
        await bench.refresh(1)
        bench.time.advance(by: .seconds(600))
        bench.site.onCatalogue { _ in
            LiveCatalogue(images: nil, videos: [LiveModel(key: "video", resolutions: ["720p"], durations: [5])])
        }
        await bench.refresh(1)
        #expect(bench.view(1).catalogue.models.map(\.id) == ["new_\(AccountID.sample(1))", "video"])
    }

    @Test("many who ask at once share one fetch")
    func singleFlight() async {
        let bench = Bench()
        let (hold, release) = AsyncStream.makeStream(of: Void.self)
        bench.site.onCatalogue { _ in
            for await _ in hold { break }
            return LiveCatalogue(images: [Bench.model("new")], videos: nil)
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<10 { group.addTask { await bench.refresh(1) } }
            group.addTask {
                while bench.fetches == 0 { await Task.yield() }
                release.finish()
            }
        }
        #expect(bench.fetches == 1)
        #expect(bench.view(1).source == .live)
    }

    @Test("what is old and looked at is renewed in the background")
    func background() async {
        let bench = Bench()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await bench.book.run() }
            await bench.refresh(1)
            bench.book.wanted(for: [.sample(1)])
            bench.time.advance(by: .seconds(600))
            bench.book.wanted(for: [.sample(1), .sample(2)])
            while bench.view(1).source != .live { await Task.yield() }
            #expect(bench.fetches == 2)
            #expect(bench.view(2).source == .fixed)
            group.cancelAll()
        }
    }

    @Test("the least recently used accounts are forgotten first")
    func bound() async {
        var limits = CatalogueBook.Limits()
        limits.accounts = 2
        let bench = Bench(limits: limits)
        await bench.refresh(1)
        await bench.refresh(2)
        _ = bench.view(1)
        await bench.refresh(3)
        #expect(bench.view(1).source == .live)
        #expect(bench.view(2).source == .fixed)
        #expect(bench.view(3).source == .live)
    }

    @Test("only the first accounts of a long list are asked about")
    func longList() async {
        let bench = Bench()
        await bench.refresh(1, 2, 3, 4, 5, 6, 7)
        #expect(bench.fetches == 5)
    }

    @Test("an account lacks what its known catalogue does not list; where nothing is known nothing is lacking")
    func lacking() async {
        let bench = Bench()
        let accounts: [AccountID] = [.sample(1), .sample(2), .sample(3)]
        let own = "new_\(AccountID.sample(1))"
        #expect(bench.book.lacking(own, kind: .image, among: accounts).isEmpty)
        await bench.refresh(1, 2)
        #expect(bench.book.lacking(own, kind: .image, among: accounts) == [.sample(2)])
        // The video half was not read, and a name that is no model is nobody's.
        #expect(bench.book.lacking(own, kind: .video, among: accounts).isEmpty)
        #expect(bench.book.lacking("upscale", kind: .image, among: accounts).isEmpty)
    }

    @Test("a built-in model is looked for under the site's key where the account is")
    func lackingBuiltIn() async {
        let site = ScriptedUpstream()
        site.onCatalogue { account in
            LiveCatalogue(images: [Bench.model(account.id == .sample(1) ? "key_cn" : "key_us")], videos: nil)
        }
        let model = Model(
            id: "jimeng-4.5", kind: .image, displayName: "4.5", upstreamKeys: [.cn: "key_cn", .us: "key_us"],
            resolutions: ["2k"])
        let book = CatalogueBook(
            builtIn: ModelCatalogue(models: [model], defaultImageModel: "jimeng-4.5", defaultVideoModel: ""),
            time: ManualTime(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            fetch: { account async throws(GenerationFault) in try await site.catalogue(of: account) })
        await book.refresh([.sample(1), .sample(2), .sample(3, region: .us)])
        #expect(
            book.lacking("jimeng-4.5", kind: .image, among: [.sample(1), .sample(2), .sample(3)]) == [.sample(2)])
    }
}
