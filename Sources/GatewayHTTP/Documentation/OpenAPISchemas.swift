import WireJSON

/// What goes in and what comes out, by name (endpoints.md sections 9 to 15, openai-compat.md).
enum OpenAPISchemas {
    private typealias Values = OpenAPIValues
    private typealias Fields = [(String, JSONValue)]

    static let all: [(String, JSONValue)] = [
        ("Media", media),
        ("ImageRequest", Values.object(imageFields, required: ["prompt"])),
        ("CompositionRequest", Values.object(imageFields, required: ["prompt", "images"])),
        ("EditRequest", Values.object(editFields + imageFields, required: ["prompt", "image"])),
        ("UpscaleRequest", Values.object(source + upscaleFields + delivery + common)),
        ("OutpaintRequest", Values.object(source + outpaintFields + delivery + common)),
        ("VideoRequest", Values.object(videoFields)),
        ("OpenAIVideoRequest", Values.object(openAIVideoFields, required: ["prompt"])),
        ("GenerationRequest", generationRequest),
        ("ChatRequest", Values.object(chatFields, required: ["messages"])),
        ("Details", details),
        ("ImageAnswer", imageAnswer),
        ("VideoAnswer", videoAnswer),
        ("Generation", Values.object(generationFields)),
        ("Video", video),
        ("List", list),
        ("Error", error),
    ]

    private static let media: JSONValue = [
        "description":
            "A URL, a data: URL, plain base64, {\"url\": ...}, {\"b64_json\": ...}, or the id or link of a kept file. In forms also a file part.",
        "oneOf": [["type": "string"], ["type": "object"]],
    ]

    // MARK: - Requests

    private static let common: Fields = [
        ("async", Values.flag("Answer 202 with the record at once.", default: false)),
        ("webhook_url", Values.text("Told of the end of the generation; signed (Standard Webhooks).")),
        ("webhook_secret", Values.text("whsec_...; the installation's own when absent.")),
        ("metadata", ["type": "object", "additionalProperties": ["type": "string"]]),
        ("user", Values.text("Kept with the record, never sent to the site.")),
    ]

    private static let asking: Fields = [
        ("seed", Values.integer("Random when absent.", 0...4_294_967_295)),
        ("negative_prompt", Values.text("At most 8,000 characters.")),
        (
            "prompt_hints",
            Values.flag(
                "Whether a ratio or a length is read from the prompt when nothing else names one.", default: true)
        ),
    ]

    private static let delivery: Fields = [
        (
            "response_format",
            Values.text(
                "b64_json is the default for OpenAI's image model names.", default: "url", of: ["url", "b64_json"])
        ),
        (
            "output_format",
            Values.text(
                "Converted here when the answer is b64_json or a link of this gateway.", of: ["png", "jpeg", "webp"])
        ),
        ("output_compression", Values.integer("With jpeg and webp.", 0...100)),
    ]

    private static let shapes = ["1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3", "21:9"]

    private static let imageFields: Fields =
        [
            ("prompt", Values.text("1 to 32,000 characters.")),
            ("model", Values.text("See GET /v1/models.", default: "jimeng-4.5")),
            ("ratio", Values.text("Else size, the prompt, 1:1, in this order.", of: shapes)),
            ("resolution", Values.text("1k, 2k, 4k: what the model offers; its own default when absent.")),
            ("intelligent_ratio", Values.flag("The site chooses the shape, on models that can.", default: false)),
            ("sample_strength", Values.share("How much of the references is kept.", default: 0.5)),
            (
                "images",
                Values.array(
                    of: Values.reference("Media"),
                    "References; also image, image_url, filePath, and file parts of a form.", most: 10)
            ),
            ("n", Values.integer("The site's own batch (usually 4) when absent; 1 for OpenAI's names.", 1...10)),
            (
                "size",
                Values.text("WIDTHxHEIGHT, mapped to the nearest ratio and tier of the model; 1k, 2k, 4k; or auto.")
            ),
            (
                "quality",
                Values.text(
                    "low chooses 1k where the model has it.",
                    of: ["auto", "low", "medium", "high", "standard", "hd"])
            ),
            ("background", Values.text("transparent is refused: the site draws none.", of: ["auto", "opaque"])),
            ("stream", Values.flag("Server-sent events as OpenAI's images API sends them.", default: false)),
            ("multi_image", Values.flag("A series from one prompt; by the prompt's words when absent.")),
        ] + delivery + asking + common

    private static let editFields: Fields = [
        (
            "image",
            ["oneOf": [Values.reference("Media"), Values.array(of: Values.reference("Media"))]]
        ),
        ("mask", ["allOf": [Values.reference("Media")], "description": "Refused unless edits.mask says otherwise."]),
    ]

    /// What is edited after it was made.
    private static let source: Fields = [
        ("generation_id", Values.text("A finished generation of pictures; runs on the account that made it.")),
        ("index", Values.integer("Which of its pictures.", 0...100, default: 0)),
        ("image", Values.reference("Media")),
    ]

    private static let upscaleFields: Fields = [
        (
            "mode",
            Values.text(
                "standard doubles both sides; smart draws more detail.", default: "standard", of: ["standard", "smart"])
        ),
        ("resolution", Values.text("smart only.", default: "2k", of: ["2k", "4k"])),
        ("original_strength", Values.share("smart only: how much of the original is kept.", default: 0.65)),
        ("detail_strength", Values.share("smart only: how much detail is drawn.", default: 0.65)),
    ]

    private static let outpaintFields: Fields =
        ["top", "bottom", "left", "right"].map {
            ($0, Values.share("How far to go beyond this side, as a share of the picture.", default: 0))
        } + [
            ("ratio", Values.text("Instead: the shape that the result is to have.", of: shapes)),
            ("n", Values.integer("How many results.", 1...4, default: 1)),
        ]

    private static let videoFields: Fields =
        [
            ("prompt", Values.text("May be empty when there is a material.")),
            ("model", Values.text("See GET /v1/models.", default: "jimeng-video-3.5-pro")),
            (
                "ratio",
                Values.text(
                    "Ignored when frames decide the shape.", default: "1:1",
                    of: ["1:1", "4:3", "3:4", "16:9", "9:16", "21:9", "adaptive"])
            ),
            ("resolution", Values.text("What the model offers.", default: "720p")),
            ("duration", Values.integer("Seconds: what the model offers; also seconds.")),
            (
                "file_paths",
                Values.array(
                    of: Values.reference("Media"),
                    "First frame, last frame; also filePaths, images, image, image_url, input_reference; any file part of a form."
                )
            ),
            ("first_frame", Values.reference("Media")),
            ("last_frame", Values.reference("Media")),
            (
                "functionMode",
                Values.text(
                    "omni_reference takes pictures, videos and sounds (image_file_1 to 9, video_file_1 to 3, audio_file_1 to 3) that the prompt refers to as @image_file_1.",
                    default: "first_last_frames", of: ["first_last_frames", "omni_reference"])
            ),
            ("response_format", Values.text("What data[0] carries.", default: "url", of: ["url", "b64_json"])),
        ] + asking + common

    private static let openAIVideoFields: Fields =
        [
            ("prompt", Values.text()),
            ("model", Values.text("sora-2 means the default video model.")),
            ("seconds", Values.text("Mapped to the nearest length that the model makes.")),
            ("size", Values.text("WIDTHxHEIGHT; only its shape counts.", default: "720x1280")),
            ("input_reference", Values.reference("Media")),
        ] + common

    private static let generationRequest = Values.object(
        videoFields + imageFields + [
            ("kind", Values.text("The model decides when absent.", of: ["image", "video"])),
            ("model", Values.text("See GET /v1/models.")),
            ("ratio", Values.text()), ("resolution", Values.text()),
        ], "The fields of the image and video endpoints.")

    private static let chatFields: Fields = [
        ("model", Values.text("An image or a video model.", default: "jimeng-4.5")),
        (
            "messages",
            Values.array(
                of: Values.object([
                    ("role", Values.text("The last message of a user is the prompt.")),
                    (
                        "content",
                        [
                            "description": "Text, or parts: text, image_url, video_url, audio_url.",
                            "oneOf": [
                                ["type": "string"], ["type": "array", "items": ["type": "object"]], ["type": "null"],
                            ],
                        ]
                    ),
                ]))
        ),
        ("stream", Values.flag("Server-sent events.", default: false)),
        (
            "stream_options",
            Values.object([("include_usage", Values.flag("A last chunk with usage.", default: false))])
        ),
        ("ratio", Values.text()), ("resolution", Values.text()), ("duration", Values.integer()),
        ("n", Values.integer("", 1...10)), ("size", Values.text()),
    ]

    // MARK: - Answers

    private static let details = Values.object(
        [
            ("generation_id", Values.text()), ("model", Values.text("Canonical name.")), ("region", Values.text()),
            ("account", Values.text("A label, never the session.")), ("ratio", Values.optional("string")),
            ("resolution", Values.optional("string")), ("width", Values.optional("integer")),
            ("height", Values.optional("integer")), ("duration", Values.optional("integer")),
            ("history_id", Values.optional("string")), ("credits_quoted", Values.optional("integer", "An estimate.")),
            (
                "credits_used",
                Values.optional("integer", "What the site's ledger says; minutes late, so usually null here.")
            ),
            ("credits_remaining", Values.optional("integer")), ("elapsed_ms", Values.integer()),
            ("notices", Values.array(of: Values.text(), "How the request was honoured with changes.")),
        ], "What is known of the generation beside OpenAI's answer.")

    private static let file: Fields = [
        ("url", Values.text()), ("b64_json", Values.text()), ("size", Values.text()),
        ("archived_url", Values.text("The copy that this gateway keeps.")), ("revised_prompt", Values.text()),
    ]

    private static let imageAnswer = Values.object([
        ("created", Values.integer("Unix seconds.")), ("data", Values.array(of: Values.object(file))),
        ("size", Values.text()), ("quality", Values.text()), ("background", Values.text()),
        ("output_format", Values.text()), ("usage", ["type": "object"]),
        ("input_images", Values.integer("Compositions and edits.")), ("composition_type", Values.text("Compositions.")),
        ("jimeng", Values.reference("Details")),
    ])

    private static let videoAnswer = Values.object([
        ("created", Values.integer("Unix seconds.")), ("data", Values.array(of: Values.object(file), most: 1)),
        ("jimeng", Values.reference("Details")),
    ])

    private static let generationFields: Fields = [
        ("id", Values.text("gen_...")), ("object", ["const": "generation"]), ("task_id", Values.text("The id again.")),
        ("kind", Values.text("", of: ["image", "video"])),
        (
            "status",
            Values.text(
                "On paths for other pollers OpenAI's words: queued, in_progress, completed, failed.",
                of: [
                    "queued", "preparing", "submitting", "running", "unknown", "succeeded", "partial", "failed",
                    "canceled", "in_progress", "completed",
                ])
        ),
        ("progress", Values.integer("Never falls.", 0...100)), ("queue_position", Values.optional("integer")),
        ("queue_total", Values.optional("integer")), ("eta_seconds", Values.optional("integer")),
        ("model", Values.text()), ("prompt", Values.text()), ("ratio", Values.optional("string")),
        ("resolution", Values.optional("string")), ("duration", Values.optional("integer")),
        ("created_at", Values.integer("Unix seconds.")), ("started_at", Values.optional("integer")),
        ("completed_at", Values.optional("integer")), ("expires_at", Values.optional("integer")),
        ("data", Values.array(of: Values.object(file))), ("url", Values.optional("string")),
        ("error", Values.optional("object")), ("history_id", Values.optional("string")),
        ("credits_quoted", Values.optional("integer")), ("credits_used", Values.optional("integer")),
        ("notices", Values.array(of: Values.text())), ("poll_url", Values.text()), ("metadata", ["type": "object"]),
    ]

    private static let video = Values.object(
        [
            ("id", Values.text("video_... and gen_... are the same.")), ("object", ["const": "video"]),
            ("status", Values.text("", of: ["queued", "in_progress", "completed", "failed"])),
            ("progress", Values.integer("", 0...100)), ("model", Values.text()), ("seconds", Values.text()),
            ("size", Values.text()), ("created_at", Values.integer("Unix seconds.")),
            ("completed_at", Values.optional("integer")), ("expires_at", Values.optional("integer")),
            ("error", Values.optional("object")),
        ], "OpenAI's video object.")

    private static let list = Values.object([
        ("object", ["const": "list"]), ("data", Values.array(of: ["type": "object"])),
        ("first_id", Values.optional("string")), ("last_id", Values.optional("string")),
        ("has_more", Values.flag("Whether there are more behind these.")),
    ])

    private static let error = Values.object(
        [
            (
                "error",
                Values.object(
                    [
                        ("message", Values.text("One sentence that says what to do.")), ("type", Values.text()),
                        ("param", Values.optional("string", "The field to blame, in the client's own spelling.")),
                        ("code", Values.optional("string", "Stable across releases.")),
                        ("retryable", Values.flag("What x-should-retry says too.")), ("request_id", Values.text()),
                        (
                            "generation_id",
                            Values.optional("string", "Set as soon as there is a record: fetch it later.")
                        ),
                        ("upstream", Values.optional("object", "Numbers and ids of the site.")),
                    ], required: ["message", "type", "param", "code"])
            )
        ], required: ["error"])
}
