import Pictures
import SiteWire
import Synchronization
import WireJSON

/// The simulated site without HTTP: takes calls, gives answers.
final class SandboxSite: Sendable {
    let configuration: SandboxConfiguration
    /// Milliseconds since 1970.
    let now: @Sendable () -> Int64
    private let shelf: PictureShelf
    let film: SandboxFilm?
    let state: Mutex<SiteState>
    private let journal: SandboxJournal?

    init(
        configuration: SandboxConfiguration, now: @escaping @Sendable () -> Int64, render: @escaping SandboxRender,
        film: SandboxFilm? = nil, journal: SandboxJournal? = nil
    ) {
        self.configuration = configuration
        self.now = now
        self.film = film
        self.journal = journal
        shelf = PictureShelf(limit: configuration.pictureCacheBytes, render: render)
        var state = SiteState(configuration: configuration, keepsEvents: journal != nil)
        if let journal {
            let links = MediaLinks(seed: configuration.seed, base: "", unixSeconds: now() / 1_000)
            for event in journal.read() { state.replay(event, at: now(), links: links) }
            _ = state.takeEvents()
            journal.rewrite(state.snapshot(at: now()))
        }
        self.state = Mutex(state)
    }

    /// Runs a change of the state. What is worth remembering is in the journal before this returns.
    func change<Value: Sendable>(_ body: (inout SiteState) -> sending Value) -> Value {
        state.withLock { state in
            let value = body(&state)
            if let journal {
                let events = state.takeEvents()
                if !events.isEmpty { journal.append(events) }
                if journal.isTooLong { journal.rewrite(state.snapshot(at: now())) }
            }
            return value
        }
    }

    // MARK: - Calls

    func answer(_ call: SiteCall) -> SandboxAnswer {
        let now = now()
        return change { state in
            state.requests[call.endpoint.rawValue, default: 0] += 1
            var envelope = Envelope(unixSeconds: now / 1_000, serial: state.nextSerial())
            do throws(SandboxRefusal) {
                let caller = try CallCheck(isStrict: configuration.isStrict, now: now).admit(call)
                state.withAccount(of: caller, at: now) { $0.requests += 1 }
                envelope.unixSeconds += state.clockOffset(of: caller) / 1_000
                let mishap = state.mishap(of: call.endpoint, caller: caller)
                if let mishap, mishap.isInstead { return mishap.mishap.spoil(.null, number: envelope.serial) }
                do throws(SandboxRefusal) {
                    let answer = try answer(call, caller: caller, state: &state, now: now, envelope: envelope)
                    guard let mishap, case .json(let body) = answer else { return answer }
                    return mishap.mishap.spoil(body, number: envelope.serial)
                } catch {
                    if let violation = error.violation {
                        state.withAccount(of: caller, at: now) { $0.note(violation: violation) }
                    }
                    throw error
                }
            } catch {
                if let violation = error.violation { state.note(violation: violation) }
                return refuse(error, call: call, envelope: envelope)
            }
        }
    }

    private func refuse(_ refusal: SandboxRefusal, call: SiteCall, envelope: Envelope) -> SandboxAnswer {
        switch call.endpoint.family {
        case .web: .json(envelope.web(refusal, isSubmission: call.endpoint == .generate))
        case .commerce: .json(envelope.commerce(refusal))
        case .passport:
            .json([
                "message": "error",
                "data": [
                    "error_code": 1, "name": "session_expired",
                    "description": "session expired, please sign in again", "captcha": "",
                ],
            ])
        }
    }

    private func answer(
        _ call: SiteCall, caller: SandboxCaller, state: inout SiteState, now: Int64, envelope: Envelope
    ) throws(SandboxRefusal) -> SandboxAnswer {
        var links = links(base: "http://" + call.authority, now: now)
        // What is asked for by its URI or id alone gets a link that lives.
        links.areEnded = caller.script == .linkExpired && ![.imageByURI, .videoByID].contains(call.endpoint)
        switch call.endpoint {
        case .generate:
            if caller.script == .submit500 {
                state.withAccount(of: caller, at: now) { $0.submits += 1 }
                return .page(status: 500, "Internal Server Error")
            }
            guard let (job, isAnswered) = try state.submit(call, caller: caller, at: now, links: links)
            else { return .drop }
            guard isAnswered else { return .drop }
            let record = RecordReply(
                job: job, view: job.walk.view(at: now), forecast: state.forecast(for: job), links: links,
                clockOffset: state.clockOffset(of: caller))
            return .json(
                envelope.web([
                    "aigc_data": record.json, "fail_code": "", "fail_starling_key": "", "fail_starling_message": "",
                ]))
        case .history:
            return try history(call, caller: caller, state: &state, now: now, envelope: envelope, links: links)
        case .queueInfo:
            return .json(envelope.web(try state.queueInfo(call, caller: caller, at: now, links: links)))
        case .cancel:
            return .json(envelope.web(try state.cancel(call, caller: caller, at: now)))
        case .userInfo:
            let number = state.withAccount(of: caller, at: now) { $0.userID }
            return .json(envelope.web(["user_id": .string(String(number)), "name": "sandbox"]))
        case .imageConfig:
            return .json(envelope.web(catalogue(caller.region).images))
        case .videoConfig:
            return .json(envelope.web(catalogue(caller.region).videos))
        case .imageByURI:
            let images = try state.imagesByURI(call, caller: caller, links: links)
            // Clients have met the list in both places.
            return caller.region == .cn
                ? .json(envelope.web(nil, extra: [("uri2image", images)])) : .json(envelope.web(["uri2image": images]))
        case .videoByID:
            let videos = try state.videosByID(call, caller: caller, at: now, links: links)
            return .json(envelope.web(["vid2video": videos]))
        case .localItems:
            return .json(envelope.web(try state.localItems(call, caller: caller, at: now, links: links)))
        case .uploadToken:
            return .json(envelope.web(try state.uploadToken(call, caller: caller, at: now, links: links)))
        case .faceCheck, .auditJob, .audit:
            return try check(call, caller: caller, state: &state, now: now, envelope: envelope, links: links)
        case .credits:
            return commerce(try state.credits(caller: caller, at: now), caller: caller, envelope: envelope)
        case .claim:
            return commerce(try state.claim(call, caller: caller, at: now), caller: caller, envelope: envelope)
        case .ledger:
            return commerce(try state.ledger(call, caller: caller, at: now), caller: caller, envelope: envelope)
        case .priceBook:
            return commerce(try state.priceBook(call, caller: caller, at: now), caller: caller, envelope: envelope)
        case .benefits:
            return commerce(try state.benefits(call, caller: caller, at: now), caller: caller, envelope: envelope)
        case .account:
            return account(caller, number: state.withAccount(of: caller, at: now) { $0.userID })
        }
    }

    private func catalogue(_ region: SiteRegion) -> CatalogueReply {
        CatalogueReply(region: region, listsFormerVideoModels: configuration.servesFormerVideoModels)
    }

    private func check(
        _ call: SiteCall, caller: SandboxCaller, state: inout SiteState, now: Int64, envelope: Envelope,
        links: MediaLinks
    ) throws(SandboxRefusal) -> SandboxAnswer {
        if caller.script == .auditDown {
            state.withAccount(of: caller, at: now) { $0.audits += 1 }
            return .page(status: 500, "Internal Server Error")
        }
        switch call.endpoint {
        case .faceCheck:
            return .json(envelope.web(try state.faceCheck(call, caller: caller, at: now, links: links)))
        case .auditJob:
            try state.auditJob(call, caller: caller, at: now, links: links)
            return .json(envelope.withoutRet())
        default:
            return .json(envelope.web(try state.audit(call, caller: caller, at: now, links: links)))
        }
    }

    private func history(
        _ call: SiteCall, caller: SandboxCaller, state: inout SiteState, now: Int64, envelope: Envelope,
        links: MediaLinks
    ) throws(SandboxRefusal) -> SandboxAnswer {
        let query = try state.readHistoryQuery(call)
        switch try state.history(query, caller: caller, at: now) {
        case .dropped: return .drop
        case .serverError: return .page(status: 500, "Internal Server Error")
        case .records(let found, let mishap):
            let offset = state.clockOffset(of: caller)
            let members = found.map { entry -> (String, JSONValue) in
                let record = RecordReply(
                    job: entry.job, view: entry.job.walk.view(at: now), forecast: state.forecast(for: entry.job),
                    links: links, showsURLs: query.hasImageInfo, clockOffset: offset)
                return (entry.key, record.json)
            }
            let answer = envelope.web(.object(JSONObject(members)))
            return mishap?.spoil(answer, number: envelope.serial) ?? .json(answer)
        }
    }

    /// Where the payload stands depends on the region: in both places, as text only, or as text beside an object.
    private func commerce(_ payload: JSONValue, caller: SandboxCaller, envelope: Envelope) -> SandboxAnswer {
        .json(envelope.commerce(payload, data: caller.region == .us ? nil : payload))
    }

    /// The passport call, which only the Chinese host has.
    private func account(_ caller: SandboxCaller, number: Int64) -> SandboxAnswer {
        guard caller.region == .cn else { return .page(status: 404, "404 Not Found") }
        return .json([
            "message": "success",
            "data": [
                "app_id": .integer(Int64(caller.region.profile.applicationID)), "user_id": .integer(number),
                "user_id_str": .string(String(number)), "name": "sandbox", "avatar_url": "", "mobile": "",
                "connects": [],
            ],
        ])
    }

    // MARK: - Pictures

    func links(base: String, now: Int64) -> MediaLinks {
        MediaLinks(seed: configuration.seed, base: base, unixSeconds: now / 1_000)
    }

    /// What goes wrong with the next download of a picture or video, which it counts as begun.
    func mishap(ofDownload target: String) -> Mishap? {
        let links = links(base: "", now: now())
        // What can't be opened is refused by whoever gives the bytes.
        guard let place = (try? links.open(target: target).place) ?? (try? links.open(filmTarget: target).place) else {
            return nil
        }
        return state.withLock { $0.mishap(ofDownload: place) }
    }

    /// The picture behind a link.
    ///
    /// Throws ``MediaLinks/Failure``, or `PictureError` when drawing has to be tried again later.
    func picture(target: String) async throws -> [UInt8] {
        let now = now()
        let link = try links(base: "", now: now).open(target: target)
        let sketch = state.withLock { state in
            state.requests["media", default: 0] += 1
            return state.sketch(of: link.place)
        }
        guard let sketch else { throw MediaLinks.Failure.unknown }
        let scale = link.side == 0 ? 1 : min(1, Double(link.side) / Double(max(sketch.width, sketch.height)))
        let key = PictureShelf.Key(
            place: link.place, width: max(1, Int((Double(sketch.width) * scale).rounded())),
            height: max(1, Int((Double(sketch.height) * scale).rounded())))
        return try await shelf.picture(key, sketch: sketch)
    }

    // MARK: - Statistics

    /// Every generation that is kept, in no order.
    var records: [SandboxRecord] { state.withLock { $0.jobs.values.map(SandboxRecord.init) } }

    var statistics: SandboxStatistics {
        state.withLock { SandboxStatistics($0, at: now()) }
    }
}
