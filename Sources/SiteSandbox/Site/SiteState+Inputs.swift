import SiteWire

/// What a draft refers to, looked up: whose it is, and what follows for the result.
extension SiteState {
    /// The order with everything settled that depends on its inputs. Refuses inputs the caller does not have.
    func settled(
        _ order: SandboxOrder, caller: SandboxCaller, at now: Int64, links: MediaLinks
    ) throws(SandboxRefusal) -> SandboxOrder {
        var order = order
        for input in order.inputs {
            if case .picture(let uri) = input { try checkOwned(uri: uri, of: caller, links: links) }
        }
        let clips = try clips(of: order, caller: caller, links: links)
        switch order.work {
        case .textToImage, .blend: break
        case .postEdit(let edit):
            guard let input = order.inputs.first else { throw SandboxRefusal(1000, "no picture to edit") }
            let source = try source(input, caller: caller, at: now, links: links)
            (order.width, order.height) = edit.size(width: source.width, height: source.height)
            order.prompt = source.prompt
            order.firstSketch = source.index
        case .video(var film):
            try checkLengths(clips, of: order)
            film.inputMilliseconds = clips.filter { $0.kind == .video }.reduce(0) { $0 + $1.milliseconds }
            let video = clips.first { $0.kind == .video }
            if film.followsLength, let video {
                film.milliseconds = max(1_000, min(60_000, video.milliseconds / 1_000 * 1_000))
            }
            if film.followsShape, let video {
                let size = FilmSize(
                    side: FilmSize.side(order.resolution) ?? 720, across: Double(video.width),
                    down: Double(video.height))
                (order.width, order.height) = (size.width, size.height)
            }
            film.followsLength = false
            film.followsShape = false
            order.work = .video(film)
            if film.source == .frames, let input = order.inputs.first {
                // The first picture decides the shape, whatever ratio is asked for.
                let source = try source(input, caller: caller, at: now, links: links)
                let size = FilmSize(
                    side: FilmSize.side(order.resolution) ?? 720, across: Double(source.width),
                    down: Double(source.height))
                (order.width, order.height) = (size.width, size.height)
                if order.prompt.isEmpty { order.prompt = source.prompt }
            }
        }
        order.inputs = []
        return order
    }

    /// The videos and sounds of a draft. Refuses those the caller has not sent up, and lengths that are not theirs.
    private func clips(
        of order: SandboxOrder, caller: SandboxCaller, links: MediaLinks
    ) throws(SandboxRefusal) -> [MediaFacts] {
        var found: [MediaFacts] = []
        for input in order.inputs {
            guard case .clip(let vid, let kind, let milliseconds) = input else { continue }
            guard let upload = uploadedClip(vid: vid, of: caller, links: links), let media = upload.facts?.media else {
                let isOurs = links.place(vid: vid) != nil
                throw SandboxRefusal(3020, isOurs ? nil : "a vid that was never sent up")
            }
            guard media.kind == kind else { throw SandboxRefusal(1000, "material is not of the type it is called") }
            // Clients that take seconds for milliseconds are told so here.
            if configuration.isStrict {
                guard let milliseconds, abs(milliseconds - media.milliseconds) <= 1_000 else {
                    throw SandboxRefusal(1000, "duration of a material is not its length in milliseconds")
                }
            }
            found.append(media)
        }
        return found
    }

    /// The videos together and the sounds together may last as long as the model says.
    private func checkLengths(_ clips: [MediaFacts], of order: SandboxOrder) throws(SandboxRefusal) {
        let model = SiteCatalogue.videoModels.first { $0.upstreamKeys[order.region] == order.modelKey }
        func milliseconds(_ kind: MediaFacts.Kind) -> Int64 {
            clips.filter { $0.kind == kind }.reduce(0) { $0 + $1.milliseconds }
        }
        let videoLimit = Int64((model?.limits.videoSeconds ?? 15.4) * 1_000)
        let soundLimit = Int64((model?.limits.audioSeconds ?? 15) * 1_000)
        // A file is a few frames longer than it is called.
        guard milliseconds(.video) <= videoLimit + 100, milliseconds(.sound) <= soundLimit + 100 else {
            throw SandboxRefusal(1000, "materials last longer than the model takes")
        }
    }

    /// The drawing an input stands for.
    private func source(
        _ input: SandboxInput, caller: SandboxCaller, at now: Int64, links: MediaLinks
    ) throws(SandboxRefusal) -> PictureSketch {
        let place: MediaLinks.Place
        switch input {
        case .picture(let uri):
            guard let named = links.place(uri: uri) else { throw SandboxRefusal(3020) }
            place = named
        case .clip: throw SandboxRefusal(1000, "a video where a picture belongs")
        case .item(let id, let historyID):
            guard let item = SandboxJob.place(itemID: id), let job = jobs[item.number],
                job.accountKey == caller.accountKey, job.historyID == String(historyID)
            else { throw SandboxRefusal(1000, "item_id and origin_history_id name nothing the account has") }
            guard item.index < job.walk.view(at: now).items else {
                throw SandboxRefusal(1000, "the item is not finished")
            }
            place = item
        }
        guard let sketch = sketch(of: place) else { throw SandboxRefusal(3020) }
        return sketch
    }
}
