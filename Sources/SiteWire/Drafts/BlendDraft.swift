import WireJSON

/// Pictures from pictures and a prompt (protocol page `generate-image.md`, section 3; `conflicts.md` rows 18, 25 and
/// 26): one `byte_edit` ability per reference, each bound to a `##` in front of the prompt.
package struct BlendDraft: Sendable, Hashable {
    /// The site's key of the model in the region the request goes to.
    package var modelKey: String
    package var prompt: String
    package var negativePrompt: String
    /// In the order the prompt means them; at least one, at most what the model takes.
    package var references: [ImageReference]
    /// 0 ... 1, the same for every reference.
    package var sampleStrength: Double
    package var dimensions: ImageDimensions
    /// The site chooses the ratio; unlike in a draft from a prompt alone, one is sent all the same.
    package var intelligentRatio: Bool
    /// Number of pictures; nil leaves it to the site and sends nothing.
    package var count: Int?

    package init(
        modelKey: String, prompt: String, negativePrompt: String = "", references: [ImageReference],
        sampleStrength: Double = 0.5, dimensions: ImageDimensions, intelligentRatio: Bool = false, count: Int? = nil
    ) {
        self.modelKey = modelKey
        self.prompt = prompt
        self.negativePrompt = negativePrompt
        self.references = references
        self.sampleStrength = sampleStrength
        self.dimensions = dimensions
        self.intelligentRatio = intelligentRatio
        self.count = count
    }

    private static let componentMinimum = "3.0.2"
    private static let blendMinimum = "3.2.9"

    /// The body of the generate call. `submitID` is the UUID by which the task is found again; `newID` gives a fresh
    /// UUID (lower case, with hyphens) at every call, 8 and 4 per reference in all; `unixMilliseconds` is the moment the
    /// draft was made.
    package func submission(
        submitID: String, newID: () -> String, region: SiteRegion, versions: SiteVersions, unixMilliseconds: Int64
    ) -> [UInt8] {
        let component = newID()
        let blend = blend(newID: newID)
        let draft = newID()
        let metadata = newID()
        let abilities = newID()
        let content: JSONValue = [
            "type": "image_base_component",
            "id": .string(component),
            "min_version": .string(Self.componentMinimum),
            "aigc_mode": "workbench",
            "metadata": DraftParts.metadata(id: metadata, unixMilliseconds: unixMilliseconds),
            "generate_type": "blend",
            "abilities": [
                "type": "",
                "id": .string(abilities),
                "blend": blend,
                "gen_option": DraftParts.option(id: newID(), count: count),
            ],
        ]
        return DraftParts.body(
            extend: ["root_model": .string(modelKey)], submitID: submitID,
            metrics: metrics(submitID: submitID, newID: newID),
            draft: DraftParts.document(
                id: draft, minimum: Self.blendMinimum, version: versions.draftAgent, main: component,
                component: content),
            region: region, versions: versions)
    }

    private func blend(newID: () -> String) -> JSONValue {
        let core = newID()
        let largeImage = newID()
        var blend: JSONObject = ["type": "", "id": .string(newID())]
        if references.count > 1 { blend["min_version"] = .string(Self.blendMinimum) }
        blend["min_features"] = []
        blend["core_param"] = [
            "type": "",
            "id": .string(core),
            "model": .string(modelKey),
            "prompt": .string(String(repeating: "##", count: references.count) + prompt),
            "sample_strength": DraftParts.number(sampleStrength),
            "large_image_info": DraftParts.largeImage(
                id: largeImage, minimum: Self.componentMinimum, dimensions: dimensions),
            "intelligent_ratio": .bool(intelligentRatio),
            "image_ratio": .integer(Int64(dimensions.ratio.code)),
            "negative_prompt": .string(negativePrompt),
        ]
        blend["ability_list"] = .array(
            references.map { reference in
                [
                    "type": "",
                    "id": .string(newID()),
                    "name": "byte_edit",
                    "image_uri_list": [.string(reference.uri)],
                    "image_list": [.object(reference.members(id: newID()))],
                    "strength": DraftParts.number(sampleStrength),
                ]
            })
        blend["prompt_placeholder_info_list"] = .array(
            references.indices.map {
                ["type": "", "id": .string(newID()), "ability_index": .integer(Int64($0))]
            })
        blend["postedit_param"] = ["type": "", "id": .string(newID()), "generate_type": 0]
        return .object(blend)
    }

    /// The sources are made-up local references, as a browser would have them.
    private func metrics(submitID: String, newID: () -> String) -> String {
        let abilities = references.map { _ -> JSONValue in
            [
                "abilityName": "byte_edit",
                "strength": DraftParts.number(sampleStrength),
                "source": ["imageUrl": .string("blob:https://dreamina.capcut.com/\(newID())")],
            ]
        }
        let scene = DraftParts.imageScene(
            "ImageBasicGenerate", modelKey: modelKey, resolution: dimensions.resolution, abilities: abilities,
            benefitCount: 4)
        return JSONValue.object(DraftParts.imageMetrics(scene: scene, submitID: submitID)).serializedString()
    }
}
