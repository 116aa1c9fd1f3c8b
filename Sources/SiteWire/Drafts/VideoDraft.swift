import WireJSON

/// A video, as the site's draft describes it (protocol pages `generate-video.md` sections 2 to 5 and
/// `generate-newest.md` sections 5 to 8; `conflicts.md` rows 33, 41, 44, 45 and 59).
package struct VideoDraft: Sendable, Hashable {
    /// A piece of a prompt that refers to materials.
    package enum Piece: Sendable, Hashable {
        case text(String)
        /// Index into the materials, from 0. One out of range is left out.
        case material(Int)
    }

    package enum Input: Sendable, Hashable {
        /// The prompt alone.
        case text
        /// The picture the video begins with, and the one it ends with.
        case frames(first: ImageReference, last: ImageReference?)
        /// Materials, and the prompt cut into text and references to them; the draft's own prompt stays empty.
        case references([VideoMaterial], pieces: [Piece])
    }

    /// The site's own clients write two dialects, by generation of the model.
    enum Form: Sendable, Hashable {
        /// Models up to Seedance 2.0.
        case classic
        /// Everything newer, models unknown here included.
        case current

        init(modelKey: String) {
            let isClassic =
                ["vgfm", "_veo3", "_sora2"].contains { modelKey.contains($0) }
                || ["dreamina_seedance_40", "dreamina_seedance_40_pro"].contains(modelKey)
            self = isClassic ? .classic : .current
        }
    }

    /// The site's key of the model in the region the request goes to.
    package var modelKey: String
    package var prompt: String
    /// `16:9` ..., or `adaptive` to follow a reference video. Ignored by the site where a frame is given.
    package var ratio: String
    /// `720p` ...; not sent to models that take none.
    package var resolution: String?
    /// Whole seconds; -1 follows the reference video.
    package var seconds: Int
    package var seed: UInt32
    package var input: Input
    /// The entitlement the video is charged to.
    package var benefitType: String
    /// A cheap first version, which the site can make into the final one later.
    package var isDraftMode: Bool

    /// `isDraftMode` nil tells it from the key, as the built-in catalogue's keys allow.
    package init(
        modelKey: String, prompt: String, ratio: String, resolution: String?, seconds: Int, seed: UInt32,
        input: Input = .text, benefitType: String, isDraftMode: Bool? = nil
    ) {
        self.modelKey = modelKey
        self.prompt = prompt
        self.ratio = ratio
        self.resolution = resolution
        self.seconds = seconds
        self.seed = seed
        self.input = input
        self.benefitType = benefitType
        self.isDraftMode = isDraftMode ?? modelKey.hasSuffix("_draft")
    }

    var form: Form { Form(modelKey: modelKey) }

    /// The resolution as this model's drafts have it.
    var sentResolution: String? {
        switch form {
        case .current: resolution
        case .classic: modelKey.contains("vgfm_3.0") && !modelKey.contains("_pro") ? resolution : nil
        }
    }

    /// Milliseconds of all reference videos together.
    var inputVideoMilliseconds: Int {
        guard case .references(let materials, _) = input else { return 0 }
        return materials.reduce(0) { $0 + $1.videoMilliseconds }
    }

    /// Milliseconds of the video to make, as far as they are known beforehand.
    var outputMilliseconds: Int { seconds < 0 ? inputVideoMilliseconds : seconds * 1_000 }

    /// The body of the generate call. `submitID` is the UUID by which the task is found again; `newID` gives a fresh
    /// UUID (lower case, with hyphens) at every call; `unixMilliseconds` is the moment the draft was made.
    package func submission(
        submitID: String, newID: () -> String, region: SiteRegion, versions: SiteVersions, unixMilliseconds: Int64
    ) -> [UInt8] {
        let component = newID()
        let generation = generationInput(versions: versions, newID: newID)
        let draft = newID()
        let metadata = DraftParts.metadata(id: newID(), unixMilliseconds: unixMilliseconds)
        let abilities = newID()
        let video = newID()
        let parameters: JSONValue = [
            "type": "",
            "id": .string(newID()),
            "video_gen_inputs": [generation],
            "video_aspect_ratio": .string(ratio),
            "seed": .integer(Int64(seed)),
            "model_req_key": .string(modelKey),
            "priority": 0,
        ]
        let groupID = form == .current ? newID() : ""
        let telemetry = JSONValue.object(metrics(submitID: submitID, groupID: groupID)).serializedString()
        let content: JSONValue = [
            "type": "video_base_component",
            "id": .string(component),
            "min_version": "1.0.0",
            "aigc_mode": "workbench",
            "metadata": metadata,
            "generate_type": "gen_video",
            "abilities": [
                "type": "",
                "id": .string(abilities),
                "gen_video": [
                    "id": .string(video), "type": "", "text_to_video_params": parameters,
                    "video_task_extra": .string(telemetry),
                ],
            ],
            "process_type": 1,
        ]
        return DraftParts.body(
            extend: extend, submitID: submitID, metrics: telemetry,
            draft: DraftParts.document(
                id: draft, minimum: leastVersion(versions), features: features, version: versions.draftAgent,
                main: component, component: content),
            region: region, versions: versions)
    }

    /// The model, and what it is charged to: once as an object and once as a list. The amount is a quantity in seconds,
    /// not a price.
    private var extend: JSONValue {
        let milliseconds = outputMilliseconds + inputVideoMilliseconds
        let commerce: JSONValue = [
            "benefit_type": .string(benefitType),
            "amount": DraftParts.number(Double(milliseconds) / 1_000),
            "resource_id": "generate_video",
            "resource_id_type": "str",
            "resource_sub_type": "aigc",
        ]
        return [
            "root_model": .string(modelKey), "m_video_commerce_info": commerce,
            "m_video_commerce_info_list": [commerce],
        ]
    }
}
