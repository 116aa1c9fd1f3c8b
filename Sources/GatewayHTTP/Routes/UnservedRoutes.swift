extension RouteTable {
    /// Endpoints of OpenAI's interface and of this field's gateways that are refused by name instead of by 404.
    mutating func refuseUnserved() {
        for path in ["/v1/images/variations"] {
            refuse(path, english: "Use images/generations.", chinese: "请使用 images/generations。")
        }
        for path in ["/v1/videos/edits", "/v1/videos/extensions", "/v1/videos/characters", "/v1/videos/characters/*"] {
            refuse(
                path, english: "Use videos/generations with reference materials, or videos/{id}/remix.",
                chinese: "请使用 videos/generations（附参考素材）或 videos/{id}/remix。")
        }
        for path in [
            "/v1/embeddings", "/v1/audio/*", "/v1/responses/*", "/v1/completions", "/v1/files/*", "/v1/batches/*",
            "/v1/fine_tuning/*", "/v1/moderations", "/v1/assistants/*", "/v1/threads/*", "/v1/uploads/*",
        ] {
            refuse(path, english: "It serves pictures and videos only.", chinese: "仅提供图片与视频生成。")
        }
    }
}
