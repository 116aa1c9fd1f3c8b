import WireJSON

/// An uploaded input that the prompt of a video refers to.
package enum VideoMaterial: Sendable, Hashable {
    case image(ImageReference)
    /// Pixels are 0 when unknown.
    case video(vid: String, width: Int, height: Int, durationMilliseconds: Int)
    /// `name` is the file's, empty when unknown.
    case audio(vid: String, durationMilliseconds: Int, name: String)

    /// `material_type`, and `meta_type` of a reference to it.
    var name: String {
        switch self {
        case .image: "image"
        case .video: "video"
        case .audio: "audio"
        }
    }

    /// The number telemetry has for the kind.
    var code: Int64 {
        switch self {
        case .image: 1
        case .video: 2
        case .audio: 3
        }
    }

    /// Length of a video; 0 for everything else.
    var videoMilliseconds: Int {
        if case .video(_, _, _, let milliseconds) = self { max(0, milliseconds) } else { 0 }
    }

    /// The material's entry in a draft.
    func entry(form: VideoDraft.Form, newID: () -> String) -> JSONValue {
        var entry: JSONObject = ["type": "", "id": .string(newID()), "material_type": .string(name)]
        switch self {
        case .image(let reference):
            var info = reference.members(id: newID())
            if form == .current {
                info["aigc_image"] = ["type": "", "id": .string(newID())]
                info["title"] = ""
            }
            entry["image_info"] = .object(info)
        case .video(let vid, let width, let height, let milliseconds):
            var info: JSONObject = [
                "type": "video", "id": .string(newID()), "source_from": "upload", "name": "", "vid": .string(vid),
                "fps": 0, "width": .integer(Int64(width)), "height": .integer(Int64(height)),
                "duration": .integer(Int64(milliseconds)),
            ]
            if form == .current { info["cover_image_url"] = "" }
            entry["video_info"] = .object(info)
        case .audio(let vid, let milliseconds, let name):
            entry["audio_info"] = [
                "type": "audio", "id": .string(newID()), "source_from": "upload", "vid": .string(vid),
                "duration": .integer(Int64(milliseconds)), "name": .string(name),
            ]
        }
        return .object(entry)
    }
}
