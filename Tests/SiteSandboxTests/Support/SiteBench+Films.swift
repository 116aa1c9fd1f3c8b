import SiteWire
import WireJSON

@testable import SiteSandbox

extension SiteBench {
    /// The body of a video's submission as the newest pages have it, with changes to its one input, to its parameters and to
    /// the body.
    func film(
        model: String = "dreamina_seedance_40_pro_vision", prompt: String = "a lion runs over the grassland",
        seconds: Int64 = 5, resolution: String? = "720p", ratio: String = "16:9", features: [JSONValue] = [],
        minimum: String = "3.0.5", input: [String: JSONValue] = [:],
        _ changes: [(path: String, value: JSONValue?)] = []
    ) -> JSONValue {
        let id = nextID()
        let component = nextID()
        let metrics = JSONValue.object(["originSubmitId": .string(id), "functionMode": "omni_reference"])
            .serializedString()
        var inner = JSONObject([
            ("type", ""), ("min_version", .string(minimum)), ("prompt", .string(prompt)), ("video_mode", 2),
            ("fps", 24),
            ("duration_ms", .integer(seconds < 0 ? -1 : seconds * 1_000)), ("idip_meta_list", []),
        ])
        if let resolution { inner["resolution"] = .string(resolution) }
        for (name, value) in input { inner[name] = value }
        let draft: JSONValue = [
            "type": "draft", "id": .string(nextID()), "min_version": .string(minimum), "min_features": .array(features),
            "is_from_tsn": true, "version": "3.3.28", "main_component_id": .string(component),
            "component_list": [
                [
                    "type": "video_base_component", "id": .string(component), "min_version": "1.0.0",
                    "aigc_mode": "workbench", "generate_type": "gen_video", "process_type": 1,
                    "abilities": [
                        "type": "",
                        "gen_video": [
                            "type": "", "video_task_extra": .string(metrics),
                            "text_to_video_params": [
                                "video_gen_inputs": [.object(inner)], "video_aspect_ratio": .string(ratio),
                                "seed": 1_234_567_890, "model_req_key": .string(model), "priority": 0,
                            ],
                        ],
                    ],
                ]
            ],
        ]
        let commerce: JSONValue = [
            "benefit_type": "seedance_20_pro_720p_output", "amount": 5, "resource_id": "generate_video",
            "resource_id_type": "str", "resource_sub_type": "aigc",
        ]
        var body: JSONValue = [
            "extend": [
                "root_model": .string(model), "m_video_commerce_info": commerce,
                "m_video_commerce_info_list": [commerce],
            ],
            "submit_id": .string(id), "metrics_extra": .string(metrics),
            "draft_content": .string(draft.serializedString()), "http_common_info": ["aid": 513_695],
        ]
        for change in changes {
            body = body.setting(change.path.split(separator: "/").map(String.init), to: change.value)
        }
        return body
    }

    static let filmParameters = "draft_content/component_list/0/abilities/gen_video/text_to_video_params/"
    static let filmInput = filmParameters + "video_gen_inputs/0/"

    enum Material {
        case picture(String)
        case video(String, milliseconds: Int64)
        case sound(String, milliseconds: Int64)
    }

    /// The body of a video made of materials, with every one of them referred to and a text behind.
    func omni(
        _ materials: [Material], model: String = "dreamina_seedance_40_pro_vision", text: String = "dances",
        seconds: Int64 = 5, ratio: String = "16:9", edit: JSONValue? = nil,
        _ changes: [(path: String, value: JSONValue?)] = []
    ) -> JSONValue {
        var list: [JSONValue] = []
        var pieces: [JSONValue] = []
        for (index, material) in materials.enumerated() {
            let type: String
            switch material {
            case .picture(let uri):
                type = "image"
                list.append(["material_type": "image", "image_info": Self.image(uri)])
            case .video(let vid, let milliseconds):
                type = "video"
                list.append([
                    "material_type": "video",
                    "video_info": [
                        "type": "video", "source_from": "upload", "vid": .string(vid), "fps": 0,
                        "duration": .integer(milliseconds),
                    ],
                ])
            case .sound(let vid, let milliseconds):
                type = "audio"
                list.append([
                    "material_type": "audio",
                    "audio_info": [
                        "type": "audio", "source_from": "upload", "vid": .string(vid),
                        "duration": .integer(milliseconds),
                    ],
                ])
            }
            pieces.append([
                "meta_type": .string(type), "text": "", "material_ref": ["material_idx": .integer(Int64(index))],
            ])
        }
        pieces.append(["meta_type": "text", "text": .string(text)])
        var unified: JSONObject = ["material_list": .array(list), "meta_list": .array(pieces)]
        if let edit { unified["edit_input"] = edit }
        var features: [JSONValue] = ["AIGC_Video_UnifiedEdit"]
        if model.contains("_45_") { features.append("AIGC_Video_Seedance25ResultAction") }
        return film(
            model: model, prompt: "", seconds: seconds, ratio: ratio, features: features, minimum: "3.3.9",
            input: ["unified_edit_input": .object(unified)], changes)
    }

    func ret(_ body: JSONValue, session: String = "sandbox-demo", region: SiteRegion = .cn) throws -> Int? {
        Self.ret(try json(.generate, session: session, region: region, body: body))
    }
}
