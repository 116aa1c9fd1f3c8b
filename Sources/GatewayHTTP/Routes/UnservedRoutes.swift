extension RouteTable {
    /// Endpoints of OpenAI's interface and of this field's gateways that are refused by name instead of by 404.
    mutating func refuseUnserved() {
        for path in ["/v1/images/variations"] {
            refuse(path, english: "Use images/generations.", chinese: "请使用 images/generations。")
        }
        for path in [
            "/v1/images/edits", "/v1/images/compositions", "/v1/images/upscale", "/v1/images/outpaint", "/v1/videos/*",
            "/v1/video/*",
        ] {
            refuse(
                path, english: "This version makes pictures from text: POST /v1/images/generations.",
                chinese: "当前版本提供文生图：POST /v1/images/generations。")
        }
        for path in [
            "/v1/embeddings", "/v1/audio/*", "/v1/responses/*", "/v1/completions", "/v1/files/*", "/v1/batches/*",
            "/v1/fine_tuning/*", "/v1/moderations", "/v1/assistants/*", "/v1/threads/*", "/v1/uploads/*",
        ] {
            refuse(path, english: "It serves pictures and videos only.", chinese: "仅提供图片与视频生成。")
        }
    }
}
