import SiteWire
import Testing
import WireJSON

/// The account's own catalogues, recorded, documented and hostile.
@Suite struct LiveCatalogueTests {
    @Test("the recorded image catalogue gives counts, exact pixels and the reference limit")
    func recordedImages() throws {
        let catalogue = try LiveImageCatalogue(try envelope("common-config.image.success"))
        let model = try #require(catalogue.models.first)
        #expect(catalogue.models.count == 1)
        #expect(model.modelKey == "high_aes_general_v40l")
        #expect(model.name == "4.5")
        #expect(model.counts == [1, 2, 3, 4])
        #expect(model.defaultCount == 4)
        #expect(model.defaultResolution == .twoK)
        #expect(model.maximumReferences == 10)
        #expect(model.takesReferences)
        #expect(model.buckets.map(\.resolution) == [.twoK, .fourK])
        #expect(
            model.dimensions(ratio: .landscape16x9, resolution: .fourK)
                == ImageDimensions(size: ImageSize(5_404, 3_040), resolution: .fourK, ratio: .landscape16x9))
        #expect(model.dimensions(ratio: .portrait3x4, resolution: .fourK) == nil)
        #expect(model.dimensions(ratio: .square, resolution: .oneK) == nil)
    }

    @Test("the documented members of an image model are read")
    func documentedImages() throws {
        let catalogue = try LiveImageCatalogue(
            try Fixtures.open([
                "ret": "0",
                "data": [
                    "default_model_index": 1, "first_selected_model": ["workbench": "a:b"],
                    "model_list": [
                        [
                            "model_req_key": "a:b", "model_name": "A\u{7}B", "model_tip": "tip", "model_status": 3,
                            "feats": ["t2i", "per_piece", 7, "bad feature"], "default_resolution_type": .null,
                            "generate_count_options": .null, "default_generate_count": .null,
                            "commercial_config": [
                                "image_model_commerce_config": ["base": ["default": ["benefit_type": "image_basic"]]]
                            ],
                            "extra": ["enable_task_cancel": true, "aigc_compliance_confirmation_required": false],
                            "resolution_map": [
                                "1.5k": ["image_ratio_sizes": [["ratio_type": "3", "width": "2048", "height": 1152]]],
                                "8k": ["image_ratio_sizes": [["ratio_type": 1, "width": 1, "height": 1]]],
                                "1k": ["image_ratio_sizes": [["ratio_type": 99, "width": 1, "height": 1]]],
                            ],
                        ],
                        ["model_req_key": "c"], ["model_req_key": "c", "model_name": "again"], ["model_name": "no key"],
                    ],
                ],
            ]))
        #expect(catalogue.models.map(\.modelKey) == ["a:b", "c"])
        #expect(catalogue.defaultModelKey == "c")
        let model = try #require(catalogue.models.first)
        #expect(model.name == "AB")
        #expect(model.tip == "tip")
        #expect(model.features == ["t2i", "per_piece", "7"])
        #expect(model.makesFromPrompt && !model.takesReferences)
        #expect(model.counts.isEmpty && model.defaultCount == nil && model.defaultResolution == nil)
        #expect(model.benefitType == "image_basic")
        #expect(model.canCancel == true && model.needsConfirmation == false)
        #expect(model.status == 3)
        #expect(model.buckets.map(\.resolution) == [.oneAndAHalfK])
        #expect(
            model.dimensions(ratio: .landscape16x9, resolution: .oneAndAHalfK)?.size == ImageSize(2_048, 1_152))
    }

    @Test("the recorded video catalogue gives durations, resolutions and entitlements")
    func recordedVideos() throws {
        let catalogue = try LiveVideoCatalogue(try envelope("common-config.video.success"))
        let model = try #require(catalogue.models.first)
        #expect(model.modelKey == "dreamina_ic_generate_video_model_vgfm_3.0")
        #expect(model.durations == [5, 10])
        #expect(model.resolutions == ["720p", "1080p"])
        #expect(model.benefitType(resolution: "720p") == "basic_video_operation_vgfm_v_three")
        #expect(model.benefitType(resolution: "1080P") == "basic_video_operation_vgfm_v_three_1080")
        #expect(model.benefitType(resolution: nil) == nil)
        #expect(!model.takesReferences && !model.isDraftMode)
    }

    @Test("the documented members of a video model are read")
    func documentedVideos() throws {
        let catalogue = try LiveVideoCatalogue(
            try Fixtures.open([
                "ret": "0",
                "data": [
                    "max_batch_gen_count": 4,
                    "model_list": [
                        [
                            "model_req_key": "dreamina_seedance_45_pro", "model_name": "Seedance 2.5",
                            "model_status": 0,
                            "extra": ["is_draft_mode": true],
                            "options": [
                                [
                                    "key": "resolution",
                                    "enum_val": ["string_value": ["480P", "720p", "wide"], "default_val_idx": 1],
                                ],
                                ["key": "frames", "enum_val": ["int_value": [720, 96, 121], "default_val_idx": 1]],
                                ["key": "fps", "enum_val": ["int_value": 24]],
                                [
                                    "key": "video_aspect_ratio",
                                    "enum_val": ["string_value": ["16:9", "adaptive", "a:b", "1:1", "16:9"]],
                                ],
                                ["key": "input_media_type", "enum_val": ["string_value": ["text", "image"]]],
                                [
                                    "key": "unified_edit",
                                    "unified_edit_config": [
                                        "supported_materials": [
                                            ["material_type": "image", "limit": ["max_count": 30]],
                                            ["material_type": 2, "limit": ["max_count": 10]],
                                            ["material_type": "audio"],
                                        ]
                                    ],
                                ],
                            ],
                            "commercial_config": [
                                "default": ["benefit_type": "seedance_25_default"],
                                "resolution_price_configs": [
                                    ["resolution": "720p", "price": ["benefit_type": "seedance_25_720p_output"]]
                                ],
                            ],
                        ]
                    ],
                ],
            ]))
        let model = try #require(catalogue.models.first)
        #expect(catalogue.largestBatch == 4)
        #expect(model.resolutions == ["480p", "720p"])
        #expect(model.defaultResolution == "720p")
        #expect(model.durations == [4, 5, 30])
        #expect(model.defaultDuration == 4)
        #expect(model.framesPerSecond == [24])
        #expect(model.ratios == ["16:9", "adaptive", "1:1"])
        #expect(model.inputs == ["text", "image"])
        #expect(model.takesReferences)
        #expect(model.materialLimits == LiveVideoModel.MaterialLimits(images: 30, videos: 10))
        #expect(model.isDraftMode)
        #expect(model.benefitType(resolution: "720p") == "seedance_25_720p_output")
        #expect(model.benefitType(resolution: "480p") == "seedance_25_default")
    }

    @Test("models are found wherever they stand, by either spelling of the key, with what resolutions are mentioned")
    func elsewhere() throws {
        let catalogue = try LiveVideoCatalogue(
            try Fixtures.open([
                "ret": "0",
                "data": [
                    "groups": [["entries": [["modelReqKey": "x", "videoQuality": ["1080p", "best"]]]]],
                    "other": ["model_req_key": "y", "a": ["definition": "4k"]],
                ],
            ]))
        #expect(catalogue.models.map(\.modelKey) == ["x", "y"])
        #expect(catalogue.models.map(\.resolutions) == [["1080p"], ["4k"]])
    }

    @Test(
        "an answer without a usable model is a fault, not an empty catalogue",
        arguments: [
            ["ret": "0", "data": [:]], ["ret": "0", "data": ["model_list": []]],
            ["ret": "0", "data": ["model_list": [["model_req_key": "has blank"], ["model_req_key": ""], 7]]],
        ] as [JSONValue])
    func empty(body: JSONValue) throws {
        let envelope = try Fixtures.open(body, context: .check)
        #expect(throws: SiteFault(kind: .invalidResponse, context: .check, ret: "0")) {
            try LiveImageCatalogue(envelope)
        }
        #expect(throws: SiteFault(kind: .invalidResponse, context: .check, ret: "0")) {
            try LiveVideoCatalogue(envelope)
        }
    }

    @Test("a catalogue of thousands of models and of huge values is cut to what is sensible")
    func hostile() throws {
        let huge = String(repeating: "x", count: 5_000)
        let many = JSONValue.array(
            (0..<3_000).map { index in
                [
                    "model_req_key": .string("m\(index)"), "model_name": .string(huge),
                    "generate_count_options": [-1, 0, 4, 4, 1_000_000], "default_generate_count": -5,
                    "input_image_limit": [["max_image_num": 99_999_999]],
                    "feats": .array((0..<300).map { .string("f\($0)") }),
                    "options": [["key": "frames", "enum_val": ["int_value": [-24, 1e300, 24]]]],
                ]
            })
        let envelope = try Fixtures.open(["ret": "0", "data": ["model_list": many]])
        let images = try LiveImageCatalogue(envelope)
        #expect(images.models.count == 200)
        let model = try #require(images.models.first)
        #expect(model.name?.count == 200)
        #expect(model.counts == [4])
        #expect(model.defaultCount == nil && model.maximumReferences == nil)
        #expect(model.features.count == 256)
        let videos = try LiveVideoCatalogue(envelope)
        #expect(videos.models.count == 200)
        #expect(videos.models.first?.durations == [1])
    }

    private func envelope(_ example: String) throws -> SiteEnvelope {
        try SiteEnvelope.open(status: 200, body: try Vectors.response(example), context: .check)
    }
}
