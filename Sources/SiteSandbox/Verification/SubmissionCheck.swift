import SiteWire
import WireJSON

/// Reads the body of a submission as the site does, from raw JSON, and says what it asks for (protocol pages
/// `generate-image.md` and `generate-newest.md`, sections 1 and 2; `conflicts.md` decides).
struct SubmissionCheck {
    let isStrict: Bool
    let region: SiteRegion
    /// Whether video models that the region no longer serves are served.
    var servesFormerVideoModels = false

    private static let oldestVersion = DraftVersion("3.0.2")
    /// The longest prompt, in characters.
    static let promptLimit = 8_000

    func read(_ bytes: [UInt8]) throws(SandboxRefusal) -> SandboxOrder {
        guard let body = try? JSONValue.parse(bytes), body.object != nil else {
            throw SandboxRefusal(1000, "body is no JSON object")
        }
        guard let submitID = body["submit_id"]?.string, Self.isUUID(submitID) else {
            throw SandboxRefusal(1000, "submit_id is no UUID")
        }
        guard body["http_common_info"]?["aid"]?.int == Int64(region.profile.applicationID) else {
            throw SandboxRefusal(1000, "http_common_info.aid of another region")
        }
        let metrics = try embedded(body["metrics_extra"], name: "metrics_extra", isRequired: isStrict)
        var scenes: JSONValue?
        if let metrics {
            if isStrict {
                guard metrics["generateId"]?.string == submitID || metrics["originSubmitId"]?.string == submitID else {
                    throw SandboxRefusal(1000, "metrics_extra names another submission")
                }
                scenes = try embedded(metrics["sceneOptions"], name: "sceneOptions", isRequired: false)
            } else {
                scenes = try? embedded(metrics["sceneOptions"], name: "sceneOptions", isRequired: false)
            }
        }
        guard let draft = try embedded(body["draft_content"], name: "draft_content", isRequired: true) else {
            throw SandboxRefusal(1000, "draft_content is missing")
        }
        let component = try component(of: draft)
        let isSeries = scenes?[0]?["scene"]?.string == "ImageMultiGenerate"
        var order = try read(component, body: body, draft: draft, isSeries: isSeries)
        order.submitID = submitID
        order.draftVersion = draft["version"]?.string ?? ""
        guard body["extend"]?["root_model"]?.string == order.modelKey else {
            throw SandboxRefusal(1000, "root_model is not the draft's model")
        }
        switch body["action"]?.int {
        case nil: break
        case 2:
            guard let history = body["history_id"]?.string else {
                throw SandboxRefusal(1000, "action 2 without history_id")
            }
            order.continues = history
        default: throw SandboxRefusal(1000, "unknown action")
        }
        return order
    }

    /// The component by its kind.
    private func read(
        _ component: JSONValue, body: JSONValue, draft: JSONValue, isSeries: Bool
    ) throws(SandboxRefusal) -> SandboxOrder {
        let rootModel = body["extend"]?["root_model"]?.string ?? ""
        switch component["type"]?.string {
        case "image_base_component": break
        case "video_base_component":
            return try FilmCheck(
                isStrict: isStrict, region: region, servesFormer: servesFormerVideoModels, body: body, draft: draft
            ).read(component)
        default: throw SandboxRefusal(1002, "component is no image or video")
        }
        if let tool = component["generate_type"]?.string.flatMap(PostEdit.Tool.init) {
            return try PostEditCheck(isStrict: isStrict, region: region, rootModel: rootModel).read(
                component, tool: tool)
        }
        return try DraftCheck(isStrict: isStrict, region: region, isSeries: isSeries).read(component)
    }

    /// A member that is JSON written as a string. As an object it is not understood, like text that is no JSON.
    private func embedded(
        _ value: JSONValue?, name: String, isRequired: Bool
    ) throws(SandboxRefusal) -> JSONValue? {
        guard let value, !value.isNull else {
            if isRequired { throw SandboxRefusal(1000, "\(name) is missing") }
            return nil
        }
        guard let text = value.string else { throw SandboxRefusal(1002, "\(name) is not a string") }
        guard let parsed = try? JSONValue.parse(text) else { throw SandboxRefusal(1002, "\(name) holds no JSON") }
        return parsed
    }

    /// The one component of a draft, after the frame around it was looked at.
    private func component(of draft: JSONValue) throws(SandboxRefusal) -> JSONValue {
        guard draft["type"]?.string == "draft", Self.isUUID(draft["id"]?.string) else {
            throw SandboxRefusal(1002, "draft without type or id")
        }
        guard let version = DraftVersion(draft["version"]?.string),
            let minimum = DraftVersion(draft["min_version"]?.string), let oldest = Self.oldestVersion
        else { throw SandboxRefusal(1002, "draft without versions") }
        guard version >= oldest else { throw SandboxRefusal(1002, "draft version is too old") }
        guard minimum <= version else { throw SandboxRefusal(1002, "draft min_version is above its version") }
        guard let components = draft["component_list"]?.array, components.count == 1, let component = components.first
        else { throw SandboxRefusal(1002, "draft has not one component") }
        guard Self.isUUID(component["id"]?.string), component["id"]?.string == draft["main_component_id"]?.string else {
            throw SandboxRefusal(1002, "main_component_id is not the component's id")
        }
        if let text = component["min_version"]?.string {
            guard let minimum = DraftVersion(text), minimum <= version else {
                throw SandboxRefusal(1002, "component min_version is above the draft's version")
            }
        }
        return component
    }

    /// 8-4-4-4-12 hexadecimal digits; the site takes any version.
    static func isUUID(_ text: String?) -> Bool {
        guard let text, text.utf8.count == 36 else { return false }
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.utf8.count) == [8, 4, 4, 4, 12]
            && groups.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isHexDigit } }
    }
}
