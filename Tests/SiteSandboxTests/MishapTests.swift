import SiteWire
import Testing
import WireJSON

@testable import SiteSandbox

@Suite("Mishaps")
struct MishapTests {
    private func queries(of session: String, _ count: Int, on bench: SiteBench) throws -> [SandboxAnswer] {
        let body = try bench.submission()
        let id = try #require(body["submit_id"]?.string)
        _ = bench.site.answer(bench.call(.generate, session: session, body: body))
        return (0..<count).map { _ in
            bench.site.answer(bench.call(.history, session: session, body: SiteBench.query([id])))
        }
    }

    private func name(_ answer: SandboxAnswer) -> String {
        switch answer {
        case .json: "json"
        case .page(let status, _): "page \(status)"
        case .drop: "drop"
        case .cut: "cut"
        case .drip: "drip"
        case .flood: "flood"
        }
    }

    @Test(
        "befall the first queries of each job",
        arguments: [
            ("reset", ["cut", "cut", "json"]), ("drip", ["drip", "json", "json"]),
            ("flood", ["flood", "json", "json"]),
            ("notjson", ["page 200", "page 200", "json"]), ("demo", ["json", "json", "json"]),
        ])
    func firstQueries(script: String, expected: [String]) throws {
        let bench = SiteBench()
        for _ in 0..<2 {
            #expect(try queries(of: "sandbox-" + script, 3, on: bench).map(name) == expected)
        }
    }

    @Test(
        "befall the answers of submissions that were accepted",
        arguments: [("reset-submit", "cut"), ("drip-submit", "drip"), ("notjson-submit", "page 200")])
    func submissions(script: String, expected: String) throws {
        let bench = SiteBench()
        let call = bench.call(.generate, session: "sandbox-" + script, body: try bench.submission())
        #expect(name(bench.site.answer(call)) == expected)
        #expect(bench.site.statistics.sessions["sandbox-" + script]?.jobs == 1)
    }

    @Test("an outage answers every call with a server error and does nothing")
    func outage() throws {
        let bench = SiteBench()
        let call = bench.call(.generate, session: "sandbox-outage", body: try bench.submission())
        for call in [call, bench.call(.credits, session: "sandbox-outage")] {
            guard case .page(let status, _) = bench.site.answer(call) else {
                Issue.record("answered")
                continue
            }
            #expect([500, 502, 503, 504].contains(status))
        }
        #expect(bench.site.statistics.sessions["sandbox-outage"]?.jobs == 0)
    }

    @Test("numbers as text leave nothing a number, in the text that carries a payload neither")
    func strings() throws {
        func numbers(in value: JSONValue) -> Int {
            switch value {
            case .integer, .number: 1
            case .array(let values): values.reduce(0) { $0 + numbers(in: $1) }
            case .object(let members): members.keys.reduce(0) { $0 + numbers(in: members[$1] ?? .null) }
            default: 0
            }
        }
        let bench = SiteBench()
        guard case .json(let record)? = try queries(of: "sandbox-strings", 1, on: bench).first else { return }
        #expect(numbers(in: record) == 0)
        let balance = try bench.json(.credits, session: "sandbox-strings", region: .us)
        let inner = try JSONValue.parse(Array((balance["response"]?.string ?? "").utf8))
        #expect(numbers(in: inner) == 0)
        #expect(inner["credit"]?["gift_credit"]?.string == "100000")
    }

    @Test("gaps leave what a client needs and nothing more")
    func gaps() throws {
        let bench = SiteBench()
        let body = try bench.submission()
        let id = try #require(body["submit_id"]?.string)
        _ = bench.site.answer(bench.call(.generate, session: "sandbox-gaps", body: body))
        bench.advance(seconds: 60)
        let answer = try bench.json(.history, session: "sandbox-gaps", body: SiteBench.query([id]))
        let record = try #require(answer["data"]?[id])
        #expect(record["status"]?.int == 50)
        #expect(record["task"] == nil)
        #expect(record["total_image_count"] == nil)
        #expect(answer["systime"] == nil)
        let picture = record["item_list"]?[0]?["image"]?["large_images"]?[0]
        #expect(picture?["image_url"]?.string?.isEmpty == false)
        #expect(picture?["width"] == nil)
    }

    @Test("a clock that is ahead is ahead in the envelope and in the record")
    func skew() throws {
        let bench = SiteBench()
        let (id, _) = try bench.submit(session: "sandbox-skew")
        bench.advance(seconds: 60)
        let answer = try bench.json(.history, session: "sandbox-skew", body: SiteBench.query([id]))
        #expect(answer["systime"]?.string == String(bench.now / 1_000 + 3_600))
        let record = answer["data"]?[id]
        #expect(record?["created_time"]?.double == Double(SiteBench.start) / 1_000 + 3_600)
        #expect((record?["task"]?["finish_time"]?.int ?? 0) > bench.now / 1_000 + 3_000)
    }

    @Test("a late ledger shows a charge after an hour")
    func lateLedger() throws {
        let bench = SiteBench()
        _ = try bench.submit(session: "sandbox-ledger-late")
        func entries() throws -> Int {
            let answer = try bench.json(.ledger, session: "sandbox-ledger-late")
            return answer["data"]?["records"]?.array?.count ?? -1
        }
        bench.advance(seconds: 3_590)
        #expect(try entries() == 0)
        bench.advance(seconds: 20)
        #expect(try entries() == 1)
    }

    @Test("status 45 for ever shows no picture and no end")
    func endless45() throws {
        let bench = SiteBench()
        let (id, _) = try bench.submit(session: "sandbox-endless45")
        bench.advance(seconds: 100_000)
        let record = try #require(try bench.record(id, session: "sandbox-endless45"))
        #expect(record["status"]?.int == 45)
        #expect(record["item_list"]?.array == [])
    }

    // MARK: - Chaos

    @Test(
        "the number behind chaos is its percentage",
        arguments: [
            ("sandbox-chaos-15", 15), ("sandbox-chaos-15-2", 15), ("chaos-0", 0), ("sandbox-chaos", 10),
            ("sandbox-chaos-abc", 10), ("sandbox-chaos-101", 10), ("sandbox-chaos-100-x", 100),
        ])
    func percentages(session: String, percent: Int) {
        #expect(SandboxScript(sessionID: session) == .chaos)
        #expect(Chaos.percent(of: session) == percent)
    }

    @Test("chaos is as frequent as asked, mixes every kind and can be repeated")
    func chaos() throws {
        func run(seed: UInt64) throws -> [String] {
            let bench = SiteBench { $0.seed = seed }
            return try queries(of: "sandbox-chaos-20", 2_000, on: bench).map(name)
        }
        let first = try run(seed: 1)
        let spoilt = first.count { $0 != "json" }
        // Two of the eight kinds still are JSON.
        #expect((200...400).contains(spoilt))
        #expect(
            Set(first.map { $0.hasPrefix("page 5") ? "error" : $0 })
                == ["json", "error", "page 200", "drop", "cut", "drip", "flood"])
        #expect(try run(seed: 1) == first)
        #expect(try run(seed: 2) != first)
    }

    @Test("no chaos at zero percent, nothing but chaos at a hundred")
    func bounds() throws {
        #expect(try queries(of: "sandbox-chaos-0", 200, on: SiteBench()).allSatisfy { name($0) == "json" })
        let answers = try queries(of: "sandbox-chaos-100", 200, on: SiteBench())
        #expect(answers.contains { name($0) != "json" })
        for answer in answers {
            guard case .json(let value) = answer else { continue }
            // As text, or without what can be spared.
            #expect(value["ret"]?.string != nil || value["systime"] == nil)
        }
    }

    @Test("downloads break off twice, then go through")
    func downloads() throws {
        let bench = SiteBench()
        let (id, _) = try bench.submit(session: "sandbox-media-reset")
        bench.advance(seconds: 60)
        let record = try #require(try bench.record(id, session: "sandbox-media-reset"))
        let url = try #require(record["item_list"]?[0]?["image"]?["large_images"]?[0]?["image_url"]?.string)
        let target = String(url.dropFirst("http://127.0.0.1:5999".count))
        #expect((0..<3).map { _ in bench.site.mishap(ofDownload: target) } == [.cut, .cut, nil])
        #expect(bench.site.mishap(ofDownload: "/media/nonsense") == nil)
    }
}
