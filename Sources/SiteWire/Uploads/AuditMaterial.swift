import WireJSON

/// An uploaded input, as the audit before a generation names it.
package enum AuditMaterial: Sendable, Hashable {
    case image(uri: String)
    case video(vid: String)
    case audio(vid: String)

    var json: JSONValue {
        switch self {
        case .image(let uri): ["uri": .string(uri), "material_type": 1]
        case .video(let vid): ["vid": .string(vid), "material_type": 2]
        case .audio(let vid): ["vid": .string(vid), "material_type": 3]
        }
    }
}
