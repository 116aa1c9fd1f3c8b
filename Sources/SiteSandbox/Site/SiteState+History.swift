import WireJSON

extension SiteState {
    /// What a history query comes to.
    enum HistoryOutcome {
        case records([(key: String, job: SandboxJob)], Mishap? = nil)
        /// HTTP 500.
        case serverError
        case dropped
    }

    struct HistoryQuery {
        var submitIDs: [String]
        var historyIDs: [String]
        /// Whether the query says what kind of pictures it wants, without which there are no URLs.
        var hasImageInfo: Bool
    }

    /// The ids of a history query; at least one and at most the batch limit, all strings.
    func readHistoryQuery(_ call: SiteCall) throws(SandboxRefusal) -> HistoryQuery {
        let body = try? JSONValue.parse(call.body)
        let submitIDs = try ids(body, "submit_ids")
        let historyIDs = try ids(body, "history_ids")
        guard !submitIDs.isEmpty || !historyIDs.isEmpty else { throw SandboxRefusal(1000, "query without ids") }
        guard submitIDs.count + historyIDs.count <= configuration.batchLimit else {
            throw SandboxRefusal(1000, "too many ids in one query")
        }
        return HistoryQuery(
            submitIDs: submitIDs, historyIDs: historyIDs,
            hasImageInfo: body?["image_info"]?["image_scene_list"]?.array?.isEmpty == false)
    }

    private func ids(_ body: JSONValue?, _ name: String) throws(SandboxRefusal) -> [String] {
        guard let value = body?[name], !value.isNull else { return [] }
        guard let array = value.array else { throw SandboxRefusal(1000, "\(name) is no array") }
        let strings = array.compactMap(\.string)
        guard strings.count == array.count else { throw SandboxRefusal(1000, "\(name) holds more than strings") }
        return strings
    }

    /// `get_history_by_ids`: the records that can be seen, by the id they were asked for.
    mutating func history(
        _ query: HistoryQuery, caller: SandboxCaller, at now: Int64
    ) throws(SandboxRefusal) -> HistoryOutcome {
        withAccount(of: caller, at: now) { account in
            account.polls += 1
            account.polledIDs += query.submitIDs.count + query.historyIDs.count
        }
        var found: [(key: String, job: SandboxJob)] = []
        for id in query.submitIDs {
            if let job = job(submitID: id, of: caller) { found.append((id, job)) }
        }
        for id in query.historyIDs {
            if let job = job(historyID: id, of: caller) { found.append((id, job)) }
        }
        for index in found.indices {
            update(found[index].job.number) { $0.polls += 1 }
            found[index].job.polls += 1
        }
        // What is scripted hangs on the number of looks at each job, so that it happens again for the next one.
        let freshest = found.map(\.job.polls).min() ?? .max
        switch caller.script {
        case .late:
            if freshest == 1 { throw SandboxRefusal(2008) }
            return .records(found.filter { $0.job.polls > 3 })
        case .http500 where freshest <= 2: return .serverError
        case .flaky:
            let isUnlucky = found.contains { found in
                var chance = Chance(found.job.submitID, found.job.polls)
                return chance.fraction() < 1.0 / 3
            }
            return isUnlucky ? .dropped : .records(found)
        default:
            if let (mishap, queries) = caller.script.historyMishap, freshest <= queries {
                return .records(found, mishap)
            }
            return .records(found)
        }
    }

    /// `get_history_queue_info`: by history ids only, for those that are known.
    func queueInfo(
        _ call: SiteCall, caller: SandboxCaller, at now: Int64, links: MediaLinks
    ) throws(SandboxRefusal) -> JSONValue {
        let query = try readHistoryQuery(call)
        guard query.submitIDs.isEmpty else { throw SandboxRefusal(1000, "queue info by submit ids") }
        var members: [(String, JSONValue)] = []
        for id in query.historyIDs {
            guard let job = job(historyID: id, of: caller) else { continue }
            let view = job.walk.view(at: now)
            let record = RecordReply(job: job, view: view, forecast: forecast(for: job), links: links)
            members.append(
                (
                    id,
                    [
                        "queue_info": record.queueInfo,
                        "forecast_cost_time": [
                            "forecast_queue_cost": .integer((view.queueRemaining + 999) / 1_000),
                            "forecast_generate_cost": .integer(record.forecast),
                        ],
                        "status": 0,
                    ]
                ))
        }
        return .object(JSONObject(members))
    }

    /// `get_image_by_uri`: fresh links for pictures that the caller has had made or sent up and that are still kept.
    func imagesByURI(_ call: SiteCall, caller: SandboxCaller, links: MediaLinks) throws(SandboxRefusal) -> JSONValue {
        let body = try? JSONValue.parse(call.body)
        guard let uris = body?["uris"]?.array?.compactMap(\.string), !uris.isEmpty, uris.count <= 100 else {
            throw SandboxRefusal(1000, "uris is missing")
        }
        var members: [(String, JSONValue)] = []
        for uri in uris {
            guard (try? checkOwned(uri: uri, of: caller, links: links)) != nil, let place = links.place(uri: uri),
                let sketch = sketch(of: place)
            else { continue }
            members.append(
                (
                    uri,
                    [
                        "image_uri": .string(uri), "image_url": .string(links.url(uri: uri, side: 0)),
                        "width": .integer(Int64(sketch.width)), "height": .integer(Int64(sketch.height)),
                        "format": "webp",
                    ]
                ))
        }
        return .object(JSONObject(members))
    }

    /// What is drawn for a place; nil when nothing there is kept. The bytes of uploads are gone: a drawing of the same size
    /// stands for them.
    func sketch(of place: MediaLinks.Place) -> PictureSketch? {
        switch place.kind {
        case .picture, .film:
            guard let job = jobs[place.number], place.index < job.order.count else { return nil }
            return PictureSketch(
                prompt: job.order.drawnPrompt, index: job.order.firstSketch + place.index, width: job.order.width,
                height: job.order.height, note: job.order.note(index: place.index))
        case .upload, .clip:
            guard let upload = upload(place.number), upload.isCommitted, let media = upload.facts?.media,
                media.width > 0
            else { return nil }
            let (width, height) = (min(media.width, 8_192), min(media.height, 8_192))
            let name = "upload \(upload.facts?.sha256.prefix(8) ?? "")"
            return PictureSketch(
                prompt: name, index: 0, width: width, height: height, note: "sandbox · \(width)×\(height)")
        }
    }
}
