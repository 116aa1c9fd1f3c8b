import GatewayCore
import GatewayTesting
import Logging
import SiteWire
import Synchronization
import Testing
import WireJSON

@testable import SiteClient

/// Reading ledgers, page by page, from a server that says what a test wants.
@Suite("Reading a ledger", .timeLimit(.minutes(10)))
struct LedgerTests {
    private static func page(_ records: [JSONValue], next: String = "20", hasMore: JSONValue = false) -> String {
        let now = SystemTime().now.seconds
        let value: JSONValue = [
            "ret": "0", "errmsg": "success", "svr_time": .integer(now),
            "data": [
                "total_credit": "21", "records": .array(records), "new_cursor": .string(next), "has_more": hasMore,
            ],
        ]
        return value.serializedString()
    }

    private static func record(_ number: Int, amount: JSONValue = 12, age: Int64 = 60, type: JSONValue? = 2)
        -> JSONValue
    {
        var record: JSONObject = [
            "amount": amount, "create_time": .integer(SystemTime().now.seconds - age), "title": "图片生成",
            "status": "Checked", "submit_id": .string(SubmitID.sample(number).rawValue),
        ]
        if let type { record["history_type"] = type }
        return .object(record)
    }

    /// Answers the pages one after the other, then reads the ledger of the last hour.
    private static func read(
        _ pages: [String], includesReceived: Bool = false
    ) async throws -> (AccountLedger, requests: Int) {
        let counter = PageCounter()
        return try await ScriptedServer.with { _ in
            let number = counter.next()
            let body = number < pages.count ? pages[number] : Self.page([])
            // The server ends the connection, and says so lest the client use it again.
            return .whole(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
        } _: { server in
            var configuration = SiteUpstream.Configuration(webID: SiteSession.webID(random: 7))
            configuration.upstreamBase = SiteBaseURL("http://127.0.0.1:\(server.port)")
            let upstream = SiteUpstream(
                configuration: configuration, catalogue: .site(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            do {
                let ledger = try await upstream.ledger(
                    of: .sample(session: "0123456789abcdef0123456789abcdef", isSandbox: false),
                    since: SystemTime().now + .seconds(-3600), includesReceived: includesReceived)
                await upstream.shutdown()
                return (ledger, server.requests.count)
            } catch {
                await upstream.shutdown()
                throw error
            }
        }
    }

    @Test("one page of charges, its numbers as text or not")
    func onePage() async throws {
        let (ledger, requests) = try await Self.read([
            Self.page([Self.record(1), Self.record(2, amount: "7", type: "2"), Self.record(2, amount: 1, age: 61)])
        ])
        #expect(requests == 1)
        #expect(ledger.balance == 21)
        let sums = SettlementPlan.sums(of: ledger.entries)
        #expect(sums[.sample(1)]?.charged == 12)
        #expect(sums[.sample(2)]?.charged == 8)
        #expect(sums[.sample(2)]?.charges == 2)
    }

    @Test("pages are read as far as was asked, and no further")
    func pages() async throws {
        let (ledger, requests) = try await Self.read([
            Self.page((1...20).map { Self.record($0) }, hasMore: true),
            Self.page((21...40).map { Self.record($0, age: $0 == 40 ? 4000 : 60) }, next: "40", hasMore: 1),
            Self.page([Self.record(41)]),
        ])
        #expect(requests == 2)
        #expect(ledger.entries.count == 40)
        #expect(ledger.readSince <= SystemTime().now + .seconds(-3600))
    }

    @Test("an entry that moves to the next page while it is turned counts once, twins on one page twice")
    func moved() async throws {
        let twin = Self.record(5, age: 100)
        let (ledger, _) = try await Self.read([
            Self.page([Self.record(1), twin, twin], hasMore: true), Self.page([twin, Self.record(2)], next: "40"),
        ])
        let sums = SettlementPlan.sums(of: ledger.entries)
        #expect(sums[.sample(5)]?.charged == 24)
        #expect(sums.count == 3)
    }

    @Test("an entry that moves to a page which tells no times counts once too, whichever page comes first")
    func movedWithoutTime() async throws {
        let timed = Self.record(5, age: 100)
        var bare = timed.object ?? [:]
        bare["create_time"] = nil
        for pages in [[timed, .object(bare)], [.object(bare), timed]] as [[JSONValue]] {
            let (ledger, _) = try await Self.read([
                Self.page([Self.record(1), pages[0]], hasMore: true),
                Self.page([pages[1], Self.record(2)], next: "40"),
            ])
            let sums = SettlementPlan.sums(of: ledger.entries)
            #expect(sums[.sample(5)]?.charged == 12)
            #expect(sums.count == 3)
        }
    }

    @Test("a cursor that does not move ends the reading")
    func stuck() async throws {
        let page = Self.page([Self.record(1)], next: "0", hasMore: true)
        let (_, requests) = try await Self.read([page, page, page])
        #expect(requests == 1)
    }

    @Test("a ledger without end is cut off, and says how far it was read")
    func endless() async throws {
        let pages = (1...40).map { Self.page([Self.record($0, age: Int64($0))], next: "\($0 * 20)", hasMore: true) }
        let (ledger, requests) = try await Self.read(pages)
        #expect(requests == 25)
        #expect(ledger.entries.count == 25)
        #expect(ledger.readSince > SystemTime().now + .seconds(-60))
    }

    @Test("what was given back is another list; an entry's own word counts more than the list's")
    func refunds() async throws {
        let (ledger, requests) = try await Self.read(
            [
                Self.page([Self.record(1, type: nil), Self.record(2, amount: 5, type: 1)]),
                Self.page([Self.record(1, type: nil)]),
            ], includesReceived: true)
        #expect(requests == 2)
        let sums = SettlementPlan.sums(of: ledger.entries)
        #expect(sums[.sample(1)]?.charged == 12 && sums[.sample(1)]?.refunded == 12)
        #expect(sums[.sample(2)]?.charged == 0 && sums[.sample(2)]?.refunded == 5)
    }

    @Test("entries without amount or generation, and absurd ones, are left out")
    func hostile() async throws {
        let (ledger, _) = try await Self.read([
            Self.page([
                ["title": "每日赠送", "amount": 66, "history_type": 1], ["submit_id": "x"], "text", .null,
                Self.record(1, amount: -4), Self.record(2, amount: "1e99"), Self.record(3, amount: 9_000_000_000_000),
            ])
        ])
        #expect(ledger.entries.isEmpty)
    }

    @Test("a dead session is said to be one")
    func deadSession() async {
        let fault = await #expect(throws: GenerationFault.self) {
            _ = try await Self.read([#"{"ret":"1015","errmsg":"login error","data":{}}"#])
        }
        #expect(fault?.kind == .invalidSession)
    }

    @Test("no documented price is above what is set aside for one that is not known")
    func dearest() {
        let catalogue = ModelCatalogue.site()
        var known = 0
        for region in [Region.cn, .us] {
            for model in catalogue.models {
                for resolution in ["1k", "2k", "4k", "480p", "720p"] {
                    let tasks: [(GenerationTask, Int)] =
                        [
                            (.textToImage(.sample(model: model.id, resolution: resolution, count: 1)), 1)
                        ]
                        + [4, 5].map { seconds in
                            let film = VideoTask(
                                model: model.id, prompt: "", ratio: "16:9", resolution: resolution, seconds: seconds,
                                seed: 1, mode: .text)
                            return (.video(film), seconds)
                        }
                    for (task, units) in tasks {
                        guard let price = task.documentedPrice(in: region, defaultCount: { _ in nil }) else { continue }
                        known += 1
                        #expect(price <= units * task.dearestPrice(in: region), "\(model.id) \(resolution)")
                    }
                }
            }
        }
        #expect(known > 10)
        func film(_ mode: VideoTask.Mode, _ resolution: String?) -> GenerationTask {
            .video(
                VideoTask(
                    model: "film", prompt: "", ratio: "16:9", resolution: resolution, seconds: 5, seed: 1, mode: mode))
        }
        #expect(film(.text, "720p").dearestPrice(in: .cn) == 20)
        #expect(film(.text, nil).dearestPrice(in: .cn) == 50)
        #expect(film(.text, "4k").dearestPrice(in: .cn) == 105)
        let video = InputMaterial.sample(kind: .video)
        #expect(film(.omni(materials: [video], pieces: []), "720p").dearestPrice(in: .us) == 172)
    }

    @Test("documents know some prices, by model, resolution, length, count and region")
    func documented() {
        func film(_ model: String, _ seconds: Int) -> GenerationTask {
            .video(
                VideoTask(
                    model: model, prompt: "", ratio: "16:9", resolution: "720p", seconds: seconds, seed: 1, mode: .text)
            )
        }
        func price(_ task: GenerationTask, _ region: Region = .cn) -> Int? {
            task.documentedPrice(in: region) { ModelCatalogue.site().model(named: $0)?.defaultCount }
        }
        #expect(price(.textToImage(.sample(model: "jimeng-5.0-pro", count: 1))) == 8)
        #expect(price(.textToImage(.sample(model: "jimeng-5.0-pro"))) == 16)
        #expect(price(.textToImage(.sample(model: "jimeng-5.0-pro", resolution: "4k", count: 1))) == nil)
        #expect(price(.textToImage(.sample(model: "jimeng-4.5", count: 4))) == nil)
        #expect(price(.textToImage(.sample(model: "jimeng-4.5", count: 4)), .us) == 60)
        #expect(price(film("jimeng-video-seedance-2.0-mini", 4)) == 24)
        #expect(price(film("jimeng-video-seedance-2.0-mini", 5)) == nil)
        #expect(price(film("jimeng-video-2.5", 5)) == 60)
        #expect(price(film("jimeng-video-2.5", 5), .us) == nil)
    }
}

/// Counts from 0.
private final class PageCounter: Sendable {
    private let value = Mutex(0)
    func next() -> Int {
        value.withLock { value in
            defer { value += 1 }
            return value
        }
    }
}
