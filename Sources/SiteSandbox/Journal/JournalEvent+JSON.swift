import SiteWire
import WireJSON

extension JournalEvent {
    var json: JSONValue {
        switch self {
        case .counters(let jobs, let uploads):
            ["type": "counters", "jobs": .integer(Int64(jobs)), "uploads": .integer(Int64(uploads))]
        case .account(let session, let region, let credits, let day):
            [
                "type": "account", "session": .string(session), "region": .string(region.rawValue),
                "credits": .integer(Int64(credits)), "claimed_day": day.map { .integer($0) } ?? .null,
            ]
        case .job(let job, let session, let isPaid):
            [
                "type": "job", "session": .string(session), "paid": .bool(isPaid),
                "number": .integer(Int64(job.number)),
                "price": .integer(Int64(job.price)), "settled": .bool(job.isSettled), "walk": job.walk.json,
                "order": job.order.json,
            ]
        case .cancelled(let job, let time):
            ["type": "cancelled", "job": .integer(Int64(job)), "at": .integer(time)]
        case .continued(let job, let time):
            ["type": "continued", "job": .integer(Int64(job)), "at": .integer(time)]
        case .claimed(let session, let region, let time):
            [
                "type": "claimed", "session": .string(session), "region": .string(region.rawValue),
                "at": .integer(time),
            ]
        case .upload(let upload): upload.json
        }
    }

    /// Nil for a line that was not written by ``json``.
    init?(_ json: JSONValue) {
        func number(_ name: String) -> Int? { json[name]?.int.map(Int.init) }
        let session = json["session"]?.string
        let region = json["region"]?.string.flatMap(SiteRegion.init)
        switch json["type"]?.string {
        case "counters":
            guard let jobs = number("jobs"), let uploads = number("uploads") else { return nil }
            self = .counters(jobs: jobs, uploads: uploads)
        case "account":
            guard let session, let region, let credits = number("credits") else { return nil }
            self = .account(
                session: session, region: region, credits: credits, claimedDay: json["claimed_day"]?.int)
        case "job":
            guard let session, let number = number("number"), number > 0, let price = json["price"]?.int,
                let isPaid = json["paid"]?.bool, let isSettled = json["settled"]?.bool,
                let walk = json["walk"].flatMap(JobWalk.init), let order = json["order"].flatMap(SandboxOrder.init)
            else { return nil }
            let caller = SandboxCaller(sessionID: session, region: order.region)
            var job = SandboxJob(
                number: number, accountKey: caller.accountKey, submitID: order.submitID, order: order,
                price: Int(price), walk: walk)
            job.isSettled = isSettled
            self = .job(job, session: session, isPaid: isPaid)
        case "cancelled":
            guard let job = number("job"), let time = json["at"]?.int else { return nil }
            self = .cancelled(job: job, at: time)
        case "continued":
            guard let job = number("job"), let time = json["at"]?.int else { return nil }
            self = .continued(job: job, at: time)
        case "claimed":
            guard let session, let region, let time = json["at"]?.int else { return nil }
            self = .claimed(session: session, region: region, at: time)
        case "upload":
            guard let upload = SandboxUpload(json) else { return nil }
            self = .upload(upload)
        default: return nil
        }
    }
}

extension JobWalk {
    var json: JSONValue {
        [
            "submitted": .integer(submittedAt), "queue": .integer(queueTime), "run": .integer(runTime),
            "count": .integer(Int64(count)), "ending": .string(ending.rawValue), "place": .integer(Int64(firstPlace)),
            "early45": .bool(startsAt45), "cancelled": cancelledAt.map { .integer($0) } ?? .null,
            "continued": continuedAt.map { .integer($0) } ?? .null,
        ]
    }

    init?(_ json: JSONValue) {
        guard let submitted = json["submitted"]?.int, let queue = json["queue"]?.int, let run = json["run"]?.int,
            let count = json["count"]?.int, (1...64).contains(count), let place = json["place"]?.int,
            let ending = json["ending"]?.string.flatMap(JobEnding.init), let early = json["early45"]?.bool
        else { return nil }
        self.init(
            submittedAt: submitted, queueTime: queue, runTime: run, count: Int(count), ending: ending,
            firstPlace: Int(place), startsAt45: early, cancelledAt: json["cancelled"]?.int,
            continuedAt: json["continued"]?.int)
    }
}

extension SandboxUpload {
    var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("type", "upload"), ("number", .integer(Int64(number))), ("session", .string(sessionID)),
            ("region", .string(region.rawValue)), ("image", .bool(isImage)), ("uri", .string(storeURI)),
            ("created", .integer(createdAt)), ("size", .integer(Int64(size))),
        ]
        if let facts {
            members += [
                ("crc32", .integer(Int64(facts.crc32))), ("md5", .string(facts.md5)), ("sha256", .string(facts.sha256)),
            ]
            if let media = facts.media {
                members.append(
                    (
                        "media",
                        [
                            "kind": .string(media.kind.rawValue), "format": .string(media.format),
                            "width": .integer(Int64(media.width)), "height": .integer(Int64(media.height)),
                            "milliseconds": .integer(media.milliseconds), "codec": .string(media.codec),
                            "fps": .integer(Int64(media.framesPerSecond)),
                        ]
                    ))
            }
        }
        return .object(JSONObject(members))
    }

    /// Only whole uploads come back: what opened them is not remembered.
    init?(_ json: JSONValue) {
        guard let number = json["number"]?.int, number > 0, let session = json["session"]?.string,
            let region = json["region"]?.string.flatMap(SiteRegion.init), let isImage = json["image"]?.bool,
            let uri = json["uri"]?.string, let created = json["created"]?.int, let size = json["size"]?.int,
            let crc = json["crc32"]?.int, let md5 = json["md5"]?.string, let sha256 = json["sha256"]?.string,
            let media = json["media"], let kind = media["kind"]?.string.flatMap(MediaFacts.Kind.init),
            let format = media["format"]?.string, let width = media["width"]?.int, let height = media["height"]?.int,
            let milliseconds = media["milliseconds"]?.int, let codec = media["codec"]?.string,
            let rate = media["fps"]?.int
        else { return nil }
        self.init(
            number: Int(number), accountKey: SandboxCaller(sessionID: session, region: region).accountKey,
            sessionID: session, region: region, isImage: isImage, storeURI: uri, size: Int(size), authorization: "",
            sessionKey: "", createdAt: created)
        facts = UploadFacts(
            size: Int(size), crc32: UInt32(truncatingIfNeeded: crc), md5: md5, sha256: sha256,
            media: MediaFacts(
                kind: kind, format: format, width: Int(width), height: Int(height), milliseconds: milliseconds,
                framesPerSecond: Int(rate), codec: codec))
        isCommitted = true
    }
}
