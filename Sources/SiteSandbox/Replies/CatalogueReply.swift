import SiteWire
import WireJSON

/// The model catalogues in the site's shape (protocol page `field-notes.md`, section g), from the built-in one.
struct CatalogueReply {
    let region: SiteRegion
    /// Whether video models that the region no longer serves are listed.
    var listsFormerVideoModels = false

    /// The data of `get_common_config`.
    var images: JSONValue {
        let models = SiteCatalogue.imageModels.filter { $0.upstreamKeys[region] != nil && $0.status != .legacy }
        let standard = models.firstIndex { $0.upstreamKeys[region] == "high_aes_general_v50" } ?? 0
        return [
            "model_list": .array(models.map(image)), "default_model_index": .integer(Int64(standard)),
            "first_selected_model": [
                "workbench": .string(
                    models.indices.contains(standard) ? models[standard].upstreamKeys[region] ?? "" : "")
            ],
            "is_internal": false, "disable_multi_model": false,
        ]
    }

    private func image(_ model: ImageModel) -> JSONValue {
        var feats: [JSONValue] = ["t2i"]
        if model.maximumReferences > 0 { feats.append("byte_edit") }
        if model.supportsIntelligentRatio { feats.append("smart_scale") }
        var options = JSONValue.null
        switch model.counts {
        case .upTo(let maximum, _): options = .array((1...Int64(maximum)).map { .integer($0) })
        case .forced(let count): options = [.integer(Int64(count))]
        case .decidedBySite: break
        }
        let listed = Set(model.nativeResolutions).union(model.resolutions.filter { $0 == .oneAndAHalfK }).sorted()
        let buckets = listed.map { resolution in
            (resolution.rawValue, bucket(resolution, of: model))
        }
        return [
            "model_req_key": .string(model.upstreamKeys[region] ?? ""),
            "model_name": .string(model.displayName ?? model.id), "model_tip": "", "generation_category_name": "",
            "is_new_model": false, "model_status": 0, "feats": .array(feats), "blend_enable": [:], "feat_config": [:],
            "resolution_map": .object(JSONObject(buckets)),
            "default_resolution_type": .string(Self.firstResolution(of: model).rawValue),
            "generate_count_options": options,
            "default_generate_count": options.isNull ? .null : .integer(Int64(model.defaultCount)),
            "input_image_limit": model.maximumReferences > 0
                ? [["max_image_num": .integer(Int64(model.maximumReferences)), "ability_name": "byte_edit"]] : [],
            "sample_steps": ["default": 16, "min": 10, "max": 41],
            "commercial_config": [
                "image_model_commerce_config": [
                    "base": [
                        "default": [
                            "benefit_type": .string(Self.benefitType(of: model)),
                            "resource_id": "generate_img", "amount": 1,
                        ]
                    ]
                ]
            ],
            "extra": [
                "model_source": "sandbox", "max_batch_gen_count": 4, "aigc_compliance_confirmation_required": false,
                "enable_task_cancel": true,
            ],
        ]
    }

    static func firstResolution(of model: ImageModel) -> ImageResolution { model.resolutions.first ?? .twoK }

    /// What a picture of the first resolution is charged to.
    static func benefitType(of model: ImageModel) -> String {
        let resolution = firstResolution(of: model)
        return model.benefitTypes[resolution] ?? "image_\(model.id)_\(resolution.rawValue)"
    }

    private func bucket(_ resolution: ImageResolution, of model: ImageModel) -> JSONValue {
        let sizes = ImageRatio.allCases.map { ratio -> JSONValue in
            let size: ImageSize =
                if resolution == .oneAndAHalfK {
                    OneAndAHalfK.size(for: ratio)
                } else {
                    model.dimensions(ratio: ratio, resolution: resolution, region: region)?.size
                        ?? ImageSize(1_024, 1_024)
                }
            return [
                "ratio_type": .integer(Int64(ratio.code)), "width": .integer(Int64(size.width)),
                "height": .integer(Int64(size.height)),
            ]
        }
        return ["resolution_name": .string(resolution.rawValue.uppercased()), "image_ratio_sizes": .array(sizes)]
    }

    /// The data of `video_generate/get_common_config`.
    var videos: JSONValue {
        let models = SiteCatalogue.videoModels.filter {
            $0.upstreamKeys[region] != nil
                && (listsFormerVideoModels || ($0.status != .legacy && !$0.offlineRegions.contains(region)))
        }
        return [
            "model_list": .array(models.map(video)), "max_batch_gen_count": 4,
            "video_duration_display_range": [4_000, 15_000],
        ]
    }

    private func video(_ model: VideoModel) -> JSONValue {
        func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }
        let key = model.upstreamKeys[region] ?? ""
        let benefit = model.benefitTypes["default"]?.first ?? model.benefitTypes[model.resolutions.first ?? ""]?.first
        let others = model.benefitTypes.keys.filter { $0 != "default" && !model.resolutions.contains($0) }.sorted()
        let prices = (model.resolutions + others).map { resolution -> JSONValue in
            [
                "resolution": .string(resolution),
                "price": ["benefit_type": .string(model.benefitTypes[resolution]?.first ?? benefit ?? "")],
            ]
        }
        var unified: [JSONValue] = []
        if model.supportsOmniReference {
            let limits = [
                ("image", model.limits.images), ("video", model.limits.videos), ("audio", model.limits.audios),
            ]
            let materials = limits.map { type, limit -> JSONValue in
                ["material_type": .string(type), "limit": ["max_count": limit.map { .integer(Int64($0)) } ?? .null]]
            }
            unified = [["key": "unified_edit", "unified_edit_config": ["supported_materials": .array(materials)]]]
        }
        let options: [JSONValue] = [
            ["key": "resolution", "enum_val": ["string_value": strings(model.resolutions), "default_val_idx": 0]],
            [
                "key": "frames",
                "enum_val": [
                    "int_value": .array(model.durations.map { .integer(Int64($0 * 24)) }), "default_val_idx": 0,
                ],
            ],
            ["key": "fps", "enum_val": ["int_value": [24], "default_val_idx": 0]],
            [
                "key": "video_aspect_ratio",
                "enum_val": ["string_value": strings(model.ratios.map(\.rawValue)), "default_val_idx": 0],
            ],
        ]
        return [
            "model_req_key": .string(key), "model_name": .string(model.displayName ?? model.id), "model_tip": "",
            "model_status": 0, "extra": ["is_draft_mode": .bool(key.hasSuffix("_draft"))],
            "options": .array(options + unified),
            "commercial_config": [
                "default": ["benefit_type": .string(benefit ?? "")], "resolution_price_configs": .array(prices),
            ],
        ]
    }
}
