import Pictures
import SiteWire
import WireJSON

/// Finding videos again: by item for the good file, by id for a fresh link.
extension SiteState {
    /// `get_local_item_list`: items with links to the good files. Some clients have met the list under another name.
    func localItems(
        _ call: SiteCall, caller: SandboxCaller, at now: Int64, links: MediaLinks
    ) throws(SandboxRefusal) -> JSONValue {
        let body = try? JSONValue.parse(call.body)
        guard let ids = body?["item_id_list"]?.array?.compactMap(\.string), !ids.isEmpty,
            ids.count <= configuration.batchLimit
        else { throw SandboxRefusal(1000, "item_id_list is missing or too long") }
        guard
            !configuration.isStrict
                || (body?["pack_item_opt"]?["scene"]?.int == 1 && body?["is_for_video_download"]?.bool == true)
        else { throw SandboxRefusal(1000, "get_local_item_list without its options") }
        if caller.script == .hqFail { throw SandboxRefusal(1000) }
        let items = ids.compactMap { id -> JSONValue? in
            guard let place = Int64(id).flatMap(SandboxJob.place), let job = jobs[place.number],
                job.accountKey == caller.accountKey, case .video(let film) = job.order.work,
                place.index < job.walk.view(at: now).items
            else { return nil }
            return FilmItem(job: job, film: film, links: links, isHighQuality: true).json
        }
        return caller.region == .us ? ["local_item_list": .array(items)] : ["item_list": .array(items)]
    }

    /// `get_video_by_vid`: fresh links to videos that the caller has had made or sent up.
    func videosByID(
        _ call: SiteCall, caller: SandboxCaller, at now: Int64, links: MediaLinks
    ) throws(SandboxRefusal) -> JSONValue {
        let body = try? JSONValue.parse(call.body)
        guard let vids = body?["vids"]?.array?.compactMap(\.string), !vids.isEmpty, vids.count <= 100 else {
            throw SandboxRefusal(1000, "vids is missing")
        }
        var members: [(String, JSONValue)] = []
        for vid in vids {
            guard let place = links.place(vid: vid), owner(of: place) == caller.accountKey,
                let film = film(of: place), jobs[place.number].map({ $0.walk.view(at: now).items > 0 }) ?? true
            else { continue }
            members.append(
                (
                    vid,
                    [
                        "vid": .string(vid), "video_url": .string(links.filmURL(vid: vid, isHighQuality: false)),
                        "width": .integer(Int64(film.sketch.width)), "height": .integer(Int64(film.sketch.height)),
                        "duration": .integer(Int64(film.frameCount * 1_000 / FilmOrder.framesPerSecond)),
                        "format": "mp4",
                    ]
                ))
        }
        return .object(JSONObject(members))
    }

    private func owner(of place: MediaLinks.Place) -> String? {
        switch place.kind {
        case .picture, .film: jobs[place.number]?.accountKey
        case .upload, .clip: upload(place.number)?.accountKey
        }
    }

    /// What is filmed for a place; nil when nothing there is kept or it is no video.
    func film(of place: MediaLinks.Place) -> (sketch: PictureSketch, frameCount: Int)? {
        guard let sketch = sketch(of: place) else { return nil }
        switch place.kind {
        case .film:
            guard case .video(let film) = jobs[place.number]?.order.work else { return nil }
            return (sketch, film.frameCount)
        case .clip:
            guard let media = upload(place.number)?.facts?.media, media.kind == .video else { return nil }
            let size = FilmSize(fitting: sketch.width, sketch.height)
            let fitting = PictureSketch(
                prompt: sketch.prompt, index: 0, width: size.width, height: size.height, note: sketch.note)
            let seconds = min(60, max(1, media.milliseconds / 1_000))
            return (fitting, Int(seconds) * FilmOrder.framesPerSecond)
        case .picture, .upload: return nil
        }
    }
}
