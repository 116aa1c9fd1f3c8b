import Foundation
import Testing
import WireJSON

@testable import SiteSandbox

@Suite("Scripts")
struct ScriptTests {
    @Test(
        "are chosen by the session id",
        arguments: [
            ("sandbox-demo", .demo), ("sandbox-slow", .slow), ("slow", .slow), ("sandbox-slow-2", .slow),
            ("SANDBOX-Slow", .slow), ("sandbox-slower", .demo), ("sandbox-", .demo), ("anything", .demo),
            ("sandbox-daily-limit", .dailyLimit), ("sandbox-daily-limit-7", .dailyLimit), ("sandbox-daily-x", .daily),
            ("sandbox-partial30", .partial30), ("sandbox-partial-30", .partial),
            ("sandbox-moderation-prompt", .moderationPrompt),
        ] as [(String, SandboxScript)])
    func names(sessionID: String, script: SandboxScript) {
        #expect(SandboxScript(sessionID: sessionID) == script)
    }

    @Test("each have a line of help and are chosen by their own name", arguments: SandboxScript.allCases)
    func summaries(script: SandboxScript) {
        #expect(script.summary.count > 10)
        #expect(SandboxScript(sessionID: "sandbox-" + script.rawValue) == script)
    }

    @Test("are all told in the README")
    func readme() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/SiteSandbox/README.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        for script in SandboxScript.allCases {
            #expect(text.contains("| `\(script.rawValue)` | \(script.summary) |"))
        }
    }

    @Test(
        "refuse submissions with their ret and create nothing",
        arguments: [
            ("moderation-prompt", 2038), ("nocredits", 1006), ("daily", 1006), ("daily-limit", 121_101), ("dead", 1015),
            ("blocked", 1018), ("risk", 1019), ("confirm", 4010), ("permission", 4003), ("outdated", 3018),
            ("region", 3000), ("busy", 1), ("closed", 1006), ("vip", 4003), ("old-session", 2001), ("clock", 1014),
        ])
    func refusals(script: String, ret: Int) throws {
        let bench = SiteBench()
        let answer = try bench.json(.generate, session: "sandbox-" + script, body: try bench.submission())
        #expect(SiteBench.ret(answer) == ret)
        #expect(bench.site.statistics.keptJobs == 0)
        #expect(bench.site.statistics.violations == [])
    }

    @Test("that refuse every call do so for balance and history too", arguments: [("dead", 1015), ("region", 3000)])
    func universal(script: String, ret: Int) throws {
        let bench = SiteBench()
        let session = "sandbox-" + script
        for endpoint in [SandboxEndpoint.credits, .userInfo, .claim, .ledger] {
            #expect(SiteBench.ret(try bench.json(endpoint, session: session)) == ret)
        }
        #expect(SiteBench.ret(try bench.json(.history, session: session, body: SiteBench.query(["x"]))) == ret)
        #expect(try bench.json(.account, session: session)["message"]?.string == "error")
    }

    @Test("give every refusal in the envelope of the documents")
    func refusalShape() throws {
        let bench = SiteBench()
        let answer = try bench.json(.generate, session: "sandbox-nocredits", body: try bench.submission())
        #expect(answer["data"]?["fail_code"]?.string == "1006")
        #expect(answer["data"]?["aigc_data"]?.isNull == true)
        #expect(answer["errmsg"]?.string == "积分不足")
        let outdated = try bench.json(.generate, session: "sandbox-outdated", body: try bench.submission())
        #expect(outdated["data"]?["fail_code"]?.string == "")
    }

    @Test("mix strings and numbers in ret")
    func mixedTypes() throws {
        let bench = SiteBench()
        let rets = try (0..<4).map { _ in try bench.json(.userInfo)["ret"] }
        #expect(Set(rets) == [.string("0"), .integer(0)])
    }

    @Test("limit the rate of the first two submissions only")
    func rateLimit() throws {
        let bench = SiteBench()
        let rets = try (0..<4).map { _ in
            SiteBench.ret(try bench.json(.generate, session: "sandbox-ratelimit", body: try bench.submission()))
        }
        #expect(rets == [1057, 1057, 0, 0])
    }

    @Test("refuse a third running job until one is over")
    func concurrency() throws {
        let bench = SiteBench()
        func submit() throws -> Int? {
            SiteBench.ret(try bench.json(.generate, session: "sandbox-concurrency", body: try bench.submission()))
        }
        #expect(try [submit(), submit(), submit()] == [0, 0, 1010])
        bench.advance(seconds: 60)
        #expect(try submit() == 0)
    }

    @Test("break the connection after or before the job exists")
    func lost() throws {
        let bench = SiteBench()
        for (script, exists) in [("lostanswer", true), ("lostsubmit", false)] {
            let session = "sandbox-" + script
            let body = try bench.submission()
            let id = try #require(body["submit_id"]?.string)
            guard case .drop = bench.site.answer(bench.call(.generate, session: session, body: body)) else {
                Issue.record("\(script) was answered")
                return
            }
            let record = try bench.record(id, session: session)
            #expect((record != nil) == exists)
            #expect(bench.site.statistics.sessions[session]?.jobs == (exists ? 1 : 0))
        }
    }

    @Test("answer HTTP 500 to a submission and create nothing")
    func submit500() throws {
        let bench = SiteBench()
        let call = bench.call(.generate, session: "sandbox-submit500", body: try bench.submission())
        guard case .page(let status, _) = bench.site.answer(call) else {
            Issue.record("answered with JSON")
            return
        }
        #expect(status == 500)
        #expect(bench.site.statistics.sessions["sandbox-submit500"]?.submits == 1)
        #expect(bench.site.statistics.keptJobs == 0)
    }

    @Test("disturb the first looks at every job", arguments: [("http500", 500), ("notjson", 200)])
    func disturbedReads(script: String, status: Int) throws {
        let bench = SiteBench()
        let session = "sandbox-" + script
        for _ in 0..<2 {
            let job = try bench.submit(session: session)
            let call = bench.call(.history, session: session, body: SiteBench.query([job.submitID]))
            for _ in 0..<2 {
                guard case .page(let seen, _) = bench.site.answer(call) else {
                    Issue.record("answered with JSON")
                    return
                }
                #expect(seen == status)
            }
            #expect(try bench.record(job.submitID, session: session) != nil)
        }
    }

    @Test("make a new job appear late")
    func late() throws {
        let bench = SiteBench()
        let job = try bench.submit(session: "sandbox-late")
        let query = SiteBench.query([job.submitID])
        let answers = try (0..<4).map { _ in try bench.json(.history, session: "sandbox-late", body: query) }
        #expect(answers.map(SiteBench.ret) == [2008, 0, 0, 0])
        #expect(answers.map { $0["data"]?[job.submitID] != nil } == [false, false, false, true])
    }

    @Test("break some queries, the same ones every time")
    func flaky() throws {
        func run() throws -> [Bool] {
            let bench = SiteBench()
            let job = try bench.submit(session: "sandbox-flaky")
            let call = bench.call(.history, session: "sandbox-flaky", body: SiteBench.query([job.submitID]))
            return (0..<30).map { _ in
                if case .drop = bench.site.answer(call) { return true }
                return false
            }
        }
        let first = try run()
        #expect(first.contains(true) && first.contains(false))
        #expect(try run() == first)
    }

    @Test("ignore the count, and charge for what they make")
    func forced4() throws {
        let bench = SiteBench()
        let job = try bench.submit(
            session: "sandbox-forced4",
            [("draft_content/component_list/0/abilities/gen_option/gen_count", 1)])
        bench.advance(seconds: 60)
        #expect(try bench.record(job.submitID, session: "sandbox-forced4")?["item_list"]?.array?.count == 4)
        #expect(bench.site.statistics.sessions["sandbox-forced4"]?.credits == 100_000 - 12)
    }

    @Test("finish at the first look")
    func fast() throws {
        let bench = SiteBench()
        let job = try bench.submit(session: "sandbox-fast")
        #expect(try bench.record(job.submitID, session: "sandbox-fast")?["status"]?.int == 50)
    }

    @Test("are played faster when the sandbox is told so")
    func speed() throws {
        let bench = SiteBench { $0.speed = 100 }
        let job = try bench.submit(session: "sandbox-slow")
        bench.advance(seconds: 0.5)
        #expect(try bench.record(job.submitID, session: "sandbox-slow")?["status"]?.int != 50)
        bench.advance(seconds: 0.3)
        #expect(try bench.record(job.submitID, session: "sandbox-slow")?["status"]?.int == 50)
    }
}
