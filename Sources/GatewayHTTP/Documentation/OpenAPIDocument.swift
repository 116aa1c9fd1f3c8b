import WireJSON

/// The API described for programs (OpenAPI 3.1). A test holds it against the routes that are really served.
enum OpenAPIDocument {
    private typealias Values = OpenAPIValues

    /// `version`: of the program.
    static func make(version: String) -> JSONValue {
        var paths = JSONObject()
        for (path, operations) in all {
            var object = JSONObject()
            for (method, operation) in operations { object[method] = operation }
            paths[path] = .object(object)
        }
        var schemas = JSONObject()
        for (name, schema) in OpenAPISchemas.all { schemas[name] = schema }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "jimeng", "version": .string(version),
                "summary":
                    "OpenAI-compatible pictures and videos from Jimeng and Dreamina, for personal and research use.",
                "description":
                    "Every path below /v1 is also served below /api/v1. Errors have one shape, and error.code is stable. A request that waits may end in 504 with the generation's id: the generation goes on and is fetched by it.",
            ],
            "servers": [["url": "/"]], "security": [["token": []]], "paths": .object(paths),
            "components": [
                "securitySchemes": [
                    "token": [
                        "type": "http", "scheme": "bearer",
                        "description":
                            "A sessionid (with us-, hk-, jp- or sg- in front for those sites, and a proxy before it with @), a comma list of them, a gateway key, or sandbox-demo.",
                    ]
                ],
                "parameters": ["Repeat": repeatKey, "Prefer": prefer],
                "responses": [
                    "Error": [
                        "description": "What went wrong and what to do", "content": json(Values.reference("Error")),
                    ]
                ],
                "schemas": .object(schemas),
            ],
        ]
    }

    private static let repeatKey: JSONValue = [
        "name": "Idempotency-Key", "in": "header", "schema": ["type": "string", "maxLength": 255],
        "description": "The same key and body find the same generation for 24 hours; another body is 409.",
    ]
    private static let prefer: JSONValue = [
        "name": "Prefer", "in": "header", "schema": ["type": "string"],
        "description": "respond-async: 202 at once. wait=N: 202 after N seconds.",
    ]

    // MARK: - Paths

    private static let id = parameter("id", "gen_... or video_...", in: "path")
    private static let variant = parameter("variant", "thumbnail or poster: the small picture")
    private static let page = [
        parameter("limit", "1 to 100", "integer"), parameter("order", "asc or desc"),
        parameter("after", "Behind this id"), parameter("before", "In front of this id"),
    ]

    private static let all: [(String, [(String, JSONValue)])] = images + videos + generations + others + service

    private static let images: [(String, [(String, JSONValue)])] = [
        (
            "/v1/images/generations",
            [("post", making("Images", "Pictures from a prompt, and from references", "ImageRequest", "ImageAnswer"))]
        ),
        (
            "/v1/images/compositions",
            [
                (
                    "post",
                    making("Images", "Pictures from 1 to 10 pictures and a prompt", "CompositionRequest", "ImageAnswer")
                )
            ]
        ),
        ("/v1/images/edits", [("post", making("Images", "The same in OpenAI's form", "EditRequest", "ImageAnswer"))]),
        (
            "/v1/images/upscale",
            [("post", making("Images", "A larger version of a picture", "UpscaleRequest", "ImageAnswer"))]
        ),
        (
            "/v1/images/outpaint",
            [("post", making("Images", "A picture beyond its sides", "OutpaintRequest", "ImageAnswer"))]
        ),
        (
            "/v1/images/generations/{id}",
            [("get", operation("Images", "The record, with OpenAI's words for the state", "Generation", [id]))]
        ),
    ]

    private static let videos: [(String, [(String, JSONValue)])] =
        ["/v1/videos/generations", "/v1/video/generations"].flatMap { path in
            [
                (
                    path,
                    [
                        (
                            "post",
                            making(
                                "Videos", "A video from a prompt, from frames, or with reference materials",
                                "VideoRequest", "VideoAnswer")
                        )
                    ]
                ),
                (
                    path + "/{id}",
                    [("get", operation("Videos", "The record, with OpenAI's words for the state", "Generation", [id]))]
                ),
            ]
        } + [
            (
                "/v1/videos",
                [
                    (
                        "post",
                        making("Videos", "OpenAI's form: answers at once", "OpenAIVideoRequest", "Video", waits: false)
                    ),
                    ("get", operation("Videos", "The caller's videos", "List", page)),
                ]
            ),
            (
                "/v1/videos/{id}",
                [
                    ("get", operation("Videos", "One video", "Video", [id])),
                    ("delete", operation("Videos", "Cancel, or remove with its file", nil, [id])),
                ]
            ),
            (
                "/v1/videos/{id}/content",
                [("get", download("Videos", "The file; ranges are served", [id, variant]))]
            ),
            (
                "/v1/videos/{id}/remix",
                [
                    (
                        "post",
                        making(
                            "Videos", "A new video that refers to a finished one", "OpenAIVideoRequest", "Video", [id],
                            waits: false)
                    )
                ]
            ),
        ]

    private static let generations: [(String, [(String, JSONValue)])] = [
        (
            "/v1/generations",
            [
                (
                    "post",
                    making(
                        "Generations", "Any kind, answered at once", "GenerationRequest", "Generation", waits: false,
                        status: "202")
                ),
                (
                    "get",
                    operation(
                        "Generations", "The caller's generations", "List",
                        page + [
                            parameter("ids", "Up to 100 at once, with commas"), parameter("status", "A state"),
                            parameter("kind", "image or video"), parameter("model", "A model"),
                        ])
                ),
            ]
        ),
        (
            "/v1/generations/{id}",
            [
                (
                    "get",
                    operation(
                        "Generations", "One record", "Generation",
                        [id, parameter("wait", "Seconds to wait for a change of state, at most 60", "integer")])
                ),
                ("delete", operation("Generations", "Cancel; an ended one is removed with its files", nil, [id])),
            ]
        ),
        (
            "/v1/generations/{id}/events",
            [
                (
                    "get",
                    download(
                        "Generations", "Every change, as server-sent events",
                        [id, parameter("Last-Event-ID", "Where to go on", in: "header")])
                )
            ]
        ),
        (
            "/v1/generations/{id}/content/{n}",
            [
                (
                    "get",
                    download(
                        "Generations", "A result's file; ranges are served",
                        [id, parameter("n", "Which, from 0", "integer", in: "path"), variant])
                )
            ]
        ),
    ]

    private static let others: [(String, [(String, JSONValue)])] = [
        (
            "/v1/chat/completions",
            [("post", making("Chat", "Pictures and videos for chat programs", "ChatRequest", nil))]
        ),
        (
            "/v1/usage",
            [
                (
                    "get",
                    operation(
                        "Credits", "What the caller's generations have cost", nil,
                        [
                            parameter("from", "A day, or Unix seconds"), parameter("to", "A day, or Unix seconds"),
                            parameter("group_by", "day, model, kind, key, account, none; several with commas"),
                            parameter("utc_offset", "Where a day begins, e.g. +08:00"),
                        ])
                )
            ]
        ),
        (
            "/v1/models",
            [
                (
                    "get",
                    operation(
                        "Models", "Every model with what it can do", "List",
                        [
                            parameter("type", "image or video"), parameter("refresh", "Ask the site", "boolean"),
                            parameter("aliases", "seeds, all or none"),
                            parameter("all", "Also what the site has given up", "boolean"),
                        ], isPublic: true)
                )
            ]
        ),
        (
            "/v1/models/{id}",
            [
                (
                    "get",
                    operation(
                        "Models", "One model", nil, [parameter("id", "An id or an alias", in: "path")], isPublic: true)
                )
            ]
        ),
        ("/token/check", [("post", operation("Tokens", "Whether sessions are alive", nil))]),
        (
            "/token/points",
            [
                (
                    "post",
                    operation("Tokens", "Balances", nil, [parameter("refresh", "Not the remembered ones", "boolean")])
                )
            ]
        ),
        (
            "/token/receive",
            [
                (
                    "post",
                    operation(
                        "Tokens", "Claim the day's free credits", nil,
                        [parameter("only_if_empty", "Only at a balance of 0", "boolean")])
                )
            ]
        ),
        (
            "/media/{file}",
            [
                (
                    "get",
                    download(
                        "Results", "A kept file behind its signed link; ranges are served",
                        [
                            parameter("file", "id.ext", in: "path"), parameter("e", "From the link"),
                            parameter("s", "From the link"), variant,
                        ], isPublic: true)
                )
            ]
        ),
    ]

    private static let service: [(String, [(String, JSONValue)])] = [
        ("/ping", [("get", download("Service", "pong", [], isPublic: true))]),
        ("/health", [("get", operation("Service", "How the parts are", nil, isPublic: true))]),
        ("/ready", [("get", operation("Service", "Whether work can be taken", nil, isPublic: true))]),
        ("/metrics", [("get", download("Service", "Numbers for Prometheus, with a key of the scope `metrics`", []))]),
    ]

    // MARK: - Pieces

    private static func parameter(
        _ name: String, _ meaning: String, _ type: String = "string", in place: String = "query"
    ) -> JSONValue {
        [
            "name": .string(name), "in": .string(place), "required": .bool(place == "path"),
            "description": .string(meaning), "schema": ["type": .string(type)],
        ]
    }

    private static func json(_ schema: JSONValue) -> JSONValue { ["application/json": ["schema": schema]] }

    private static func described(
        _ tag: String, _ summary: String, _ parameters: [JSONValue], _ responses: JSONObject, isPublic: Bool
    ) -> JSONObject {
        var responses = responses
        responses["default"] = ["$ref": "#/components/responses/Error"]
        var object: JSONObject = [
            "tags": [.string(tag)], "summary": .string(summary), "responses": .object(responses),
        ]
        if !parameters.isEmpty { object["parameters"] = .array(parameters) }
        if isPublic { object["security"] = [[:]] }
        return object
    }

    private static func operation(
        _ tag: String, _ summary: String, _ answer: String?, _ parameters: [JSONValue] = [], isPublic: Bool = false
    ) -> JSONValue {
        let schema = answer.map { Values.reference($0) } ?? ["type": "object"]
        return .object(
            described(
                tag, summary, parameters, ["200": ["description": "The answer", "content": json(schema)]],
                isPublic: isPublic))
    }

    private static func download(
        _ tag: String, _ summary: String, _ parameters: [JSONValue], isPublic: Bool = false
    ) -> JSONValue {
        .object(described(tag, summary, parameters, ["200": ["description": "The bytes"]], isPublic: isPublic))
    }

    /// `waits`: whether the answer comes when the generation has ended, unless the client wants it otherwise.
    private static func making(
        _ tag: String, _ summary: String, _ request: String, _ answer: String?, _ parameters: [JSONValue] = [],
        waits: Bool = true, status: String = "200"
    ) -> JSONValue {
        let schema = answer.map { Values.reference($0) } ?? ["type": "object"]
        var responses: JSONObject = [status: ["description": "The answer", "content": json(schema)]]
        if waits {
            responses["202"] = [
                "description": "Taken, and not waited for", "content": json(Values.reference("Generation")),
            ]
        }
        let shared: [JSONValue] =
            [["$ref": "#/components/parameters/Repeat"]] + (waits ? [["$ref": "#/components/parameters/Prefer"]] : [])
        var object = described(tag, summary, parameters + shared, responses, isPublic: false)
        let form: JSONValue = ["schema": Values.reference(request)]
        object["requestBody"] = [
            "required": true, "content": ["application/json": form, "multipart/form-data": form],
        ]
        return .object(object)
    }
}
