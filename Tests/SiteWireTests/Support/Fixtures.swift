import SiteWire
import Testing
import WireJSON

/// Values the tests share.
enum Fixtures {
    static let exampleVersions = SiteVersions(draftAgent: "3.3.9")

    static let uploadKeys = SigV4Keys(
        accessKeyID: "AKTPEXAMPLE0123456789abcdefghijklmnopqrs",
        secretAccessKey: "exampleSecretKey/0123456789+abcdefghijklmnopq==",
        sessionToken: "STS2eyJleGFtcGxlIjoic2Vzc2lvbi10b2tlbiJ9")

    static func session(extraCookie: String? = nil) throws -> SiteSession {
        try #require(
            SiteSession(
                id: "0123456789abcdef0123456789abcdef", webID: "7123456789012345678", extraCookie: extraCookie))
    }

    static func caller(_ region: SiteRegion) throws -> SiteCaller {
        SiteCaller(region: region, session: try session(), versions: exampleVersions)
    }

    /// UUID-like ids in the order the recorded drafts count them.
    static func draftIDs() -> DraftIDs {
        var count = 0
        return DraftIDs {
            count += 1
            return "00000000-0000-4000-8000-00000000000\(count)"
        }
    }

    static func open(_ body: JSONValue, context: SiteCallContext = .read) throws -> SiteEnvelope {
        try SiteEnvelope.open(status: 200, body: body.serialized(), context: context)
    }

    /// The record of a history answer made of these members.
    static func record(_ members: JSONValue) throws -> HistoryRecord {
        let reply = HistoryReply(try open(["ret": "0", "data": ["id": members]]), asked: ["id"])
        return try #require(reply.records["id"])
    }

    /// Ids in the order the recorded drafts count them: `drafted` of the draft, then those of its telemetry.
    static func ids(drafted: Int = .max) -> () -> String {
        var count = 0
        return {
            count += 1
            let isDrafted = count <= drafted
            let digits = String(isDrafted ? count : count - drafted)
            let zeros = String(repeating: "0", count: 12 - digits.count)
            return "00000000-0000-4000-\(isDrafted ? "8000" : "9000")-\(zeros)\(digits)"
        }
    }
}
