import SiteWire
import Synchronization
import Testing
import WireJSON

@testable import SiteSandbox

/// A simulated site on a clock that is moved by hand, and a caller that does everything right unless told otherwise.
final class SiteBench: Sendable {
    static let start: Int64 = 1_772_260_000_000

    let configuration: SandboxConfiguration
    let clock: BenchClock
    private let count = Mutex(0)
    let site: SandboxSite

    init(
        _ adjust: (inout SandboxConfiguration) -> Void = { _ in }, render: @escaping SandboxRender = SiteBench.flat,
        film: SandboxFilm? = nil, journal: SandboxJournal? = nil, clock: BenchClock = BenchClock()
    ) {
        var configuration = SandboxConfiguration()
        configuration.runTime = .seconds(10)
        adjust(&configuration)
        self.configuration = configuration
        self.clock = clock
        site = SandboxSite(
            configuration: configuration, now: { clock.now }, render: render, film: film, journal: journal)
    }

    var now: Int64 { clock.now }

    func advance(seconds: Double) { clock.advance(milliseconds: Int64(seconds * 1_000)) }

    /// A render that gives bytes which say what was asked for.
    static let flat: SandboxRender = { svg, width, height in
        Array("\(width)x\(height) \(svg.utf8.count)".utf8)
    }

    // MARK: - Calls

    /// A call as a correct client makes it, signed for now.
    func call(
        _ endpoint: SandboxEndpoint, session: String = "sandbox-demo", region: SiteRegion = .cn, body: JSONValue? = [:]
    ) -> SiteCall {
        let profile = region.profile
        var query: [String: String] = [:]
        if endpoint.family != .commerce {
            query = [
                "aid": String(profile.applicationID), "device_platform": "web", "region": profile.queryRegion,
                "da_version": "3.3.28", "os": "windows", "web_component_open_flag": "1", "web_version": "7.5.0",
                "aigc_features": "app_lip_sync",
            ]
            if profile.sendsWebID { query["webId"] = "7123456789012345678" }
        }
        let page = endpoint == .credits ? (region == .cn ? "/ai-tool/image/generate" : "/") : ""
        var call = SiteCall(
            endpoint: endpoint, path: endpoint.rawValue, query: query,
            headers: [
                "appid": String(profile.applicationID), "appvr": "8.4.0", "cookie": "sessionid=\(session)",
                "lan": profile.language, "loc": profile.location, "pf": "7", "referer": profile.site + page,
                "sign-ver": "1", "tdid": "", "content-type": "application/json",
            ],
            authority: "127.0.0.1:5999", body: body?.serialized() ?? [])
        sign(&call)
        return call
    }

    func sign(_ call: inout SiteCall) {
        let seconds = now / 1_000
        call.headers["device-time"] = String(seconds)
        call.headers["sign"] = SiteSign.value(
            path: call.path, appVersion: call.headers["appvr"] ?? "", unixSeconds: seconds)
    }

    /// Makes a call and returns the body of its answer.
    func json(_ call: SiteCall) throws -> JSONValue {
        guard case .json(let value) = site.answer(call) else { throw UnexpectedAnswer() }
        return value
    }

    func json(
        _ endpoint: SandboxEndpoint, session: String = "sandbox-demo", region: SiteRegion = .cn, body: JSONValue? = [:]
    ) throws -> JSONValue {
        try json(call(endpoint, session: session, region: region, body: body))
    }

    struct UnexpectedAnswer: Error {}

    // MARK: - Submissions

    /// The body of the documents' text-to-image example, with a new id.
    func submission(id: String? = nil, _ changes: [(path: String, value: JSONValue?)] = []) throws -> JSONValue {
        let id = id ?? nextID()
        var body = try Exchange("generate-image.t2i.success").body
        body = body.setting(["submit_id"], to: .string(id))
        body = body.setting(["metrics_extra", "generateId"], to: .string(id))
        for change in changes {
            body = body.setting(change.path.split(separator: "/").map(String.init), to: change.value)
        }
        return body
    }

    func nextID() -> String {
        let number = count.withLock { count in
            count += 1
            return count
        }
        let digits = String(number, radix: 16)
        return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    /// Submits and returns the ids of the new job.
    func submit(
        session: String = "sandbox-demo", id: String? = nil, _ changes: [(path: String, value: JSONValue?)] = []
    ) throws -> (submitID: String, historyID: String) {
        let body = try submission(id: id, changes)
        let answer = try json(.generate, session: session, body: body)
        try #require(Self.ret(answer) == 0)
        let historyID = try #require(answer["data"]?["aigc_data"]?["history_record_id"]?.string)
        return (try #require(body["submit_id"]?.string), historyID)
    }

    /// The record of a submission, or nil while it is unknown.
    func record(_ submitID: String, session: String = "sandbox-demo") throws -> JSONValue? {
        try json(.history, session: session, body: Self.query([submitID]))["data"]?[submitID]
    }

    static func query(_ submitIDs: [String], history: [String] = [], hasImageInfo: Bool = true) -> JSONValue {
        var members: [(String, JSONValue)] = []
        if !submitIDs.isEmpty { members.append(("submit_ids", .array(submitIDs.map { .string($0) }))) }
        if !history.isEmpty { members.append(("history_ids", .array(history.map { .string($0) }))) }
        if hasImageInfo {
            members.append(
                ("image_info", ["width": 2048, "height": 2048, "format": "webp", "image_scene_list": [[:]]]))
        }
        return .object(JSONObject(members))
    }

    /// `ret`, which comes as a string or a number.
    static func ret(_ answer: JSONValue) -> Int? {
        answer["ret"]?.int.map(Int.init) ?? answer["ret"]?.string.flatMap(Int.init)
    }
}

/// A wall clock that is moved by hand.
final class BenchClock: Sendable {
    private let time = Mutex(SiteBench.start)

    var now: Int64 { time.withLock { $0 } }

    func advance(milliseconds: Int64) { time.withLock { $0 += milliseconds } }
}
