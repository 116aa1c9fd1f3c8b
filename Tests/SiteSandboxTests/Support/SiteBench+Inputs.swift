import SiteWire
import WireJSON

@testable import SiteSandbox

extension SiteBench {
    /// Sends up what a recorded submission refers to and names it in place of the recorded URIs and ids.
    func supply(_ call: inout SiteCall) throws {
        let region = SiteRegion.allCases.first { $0.profile.queryRegion == call.query["region"] } ?? .cn
        guard let session = call.cookie("sessionid") else { return }
        var text = String(decoding: call.body, as: UTF8.self)
        for uri in Set(text.matches(of: /tos-(cn|alisg)-i-[a-z0-9-]+\/[0-9a-f]{32}/).map { String($0.output.0) })
            .sorted()
        {
            text = text.replacing(uri, with: try picture(session: session, region: region))
        }
        for vid in Set(text.matches(of: /v0280example[0-9]{20}/).map { String($0.output) }).sorted() {
            // In the one recorded submission with such ids the sound comes second.
            let file =
                vid.hasSuffix("1") ? SampleFiles.wav(milliseconds: 3_000) : try SampleFiles.mp4(milliseconds: 4_960)
            text = text.replacing(vid, with: try clip(file, session: session, region: region))
        }
        call.body = Array(text.utf8)
    }

    /// The body of the documents' example with two references, sent up for the session.
    func blend(
        session: String = "sandbox-demo", _ changes: [(path: String, value: JSONValue?)] = []
    ) throws -> JSONValue {
        let id = nextID()
        var call = try Exchange("generate-image.blend.success").call()
        call.headers["cookie"] = "sessionid=\(session)"
        try supply(&call)
        var body = try JSONValue.parse(call.body)
        for (path, value) in [(["submit_id"], id), (["metrics_extra", "generateId"], id)] {
            body = body.setting(path, to: .string(value))
        }
        for change in changes {
            body = body.setting(change.path.split(separator: "/").map(String.init), to: change.value)
        }
        return body
    }

    /// The body of an after-editing. `ability` is what stands beside the parameters every tool has.
    func edit(
        _ tool: PostEdit.Tool, _ source: [String: JSONValue], _ ability: [String: JSONValue] = [:],
        count: Int64? = nil, root: String = "high_aes_general_v50"
    ) -> JSONValue {
        let id = nextID()
        var parameter = JSONObject([("type", ""), ("generate_type", .integer(tool.code))])
        for (name, value) in source { parameter[name] = value }
        var inner = JSONObject([("type", ""), ("postedit_param", .object(parameter))])
        for (name, value) in ability { inner[name] = value }
        var abilities = JSONObject([("type", ""), (tool.rawValue, .object(inner))])
        if let count { abilities["gen_option"] = ["type": "", "gen_count": .integer(count), "generate_all": false] }
        let component = nextID()
        let draft: JSONValue = [
            "type": "draft", "id": .string(nextID()), "min_version": "3.2.9", "min_features": [], "is_from_tsn": true,
            "version": "3.3.28", "main_component_id": .string(component),
            "component_list": [
                [
                    "type": "image_base_component", "id": .string(component), "min_version": "3.0.2",
                    "aigc_mode": "workbench", "generate_type": .string(tool.rawValue), "abilities": .object(abilities),
                ]
            ],
        ]
        let metrics: JSONValue = ["promptSource": "custom", "generateCount": 1, "generateId": .string(id)]
        return [
            "extend": ["root_model": .string(root)], "submit_id": .string(id),
            "metrics_extra": .string(metrics.serializedString()), "draft_content": .string(draft.serializedString()),
            "http_common_info": ["aid": 513_695],
        ]
    }

    /// The image object of a draft.
    static func image(_ uri: String) -> JSONValue {
        [
            "type": "image", "id": "00000000-0000-4000-8000-0000000000aa", "source_from": "upload", "platform_type": 1,
            "name": "", "image_uri": .string(uri), "width": 0, "height": 0, "format": "", "uri": .string(uri),
        ]
    }

    /// Submits a body and gives the finished record.
    func finished(_ body: JSONValue, session: String = "sandbox-demo") throws -> JSONValue? {
        guard Self.ret(try json(.generate, session: session, body: body)) == 0, let id = body["submit_id"]?.string
        else {
            return nil
        }
        advance(seconds: 120)
        return try record(id, session: session)
    }
}
