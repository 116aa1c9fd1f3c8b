import GatewayCore
import NIOCore
import WireJSON

/// What a chat answer and its chunks have in common (endpoints.md sections 15.2 and 15.3).
struct ChatEnvelope: Sendable {
    /// `chatcmpl-` and 24 characters.
    let id: String
    let created: Timestamp
    /// The name the client wrote, or the default's.
    let model: String
    /// Whether usage was asked for; every chunk but its own then says null.
    var tellsUsage = false

    static func newID(random: RandomSource) -> String {
        "chatcmpl-" + RequestID.characters(24, random: random)
    }

    // MARK: Whole

    func answer(content: String, images: JSONValue?, usage: JSONValue, jimeng: JSONValue?) -> JSONValue {
        var message: JSONObject = ["role": "assistant", "content": .string(content), "refusal": .null]
        if let images { message["images"] = images }
        var answer: JSONObject = [
            "id": .string(id), "object": "chat.completion", "created": .integer(created.seconds),
            "model": .string(model),
            "choices": [["index": 0, "message": .object(message), "finish_reason": "stop", "logprobs": .null]],
            "usage": usage, "system_fingerprint": .null,
        ]
        if let jimeng { answer["jimeng"] = jimeng }
        return .object(answer)
    }

    // MARK: Chunks

    func chunk(_ delta: JSONValue, finish: String? = nil, index: Int = 0) -> ByteBuffer {
        chunk(choices: [
            ["index": .integer(Int64(index)), "delta": delta, "finish_reason": .optional(finish), "logprobs": .null]
        ])
    }

    func usageChunk(_ usage: JSONValue) -> ByteBuffer {
        chunk(choices: [], usage: usage)
    }

    private func chunk(choices: JSONValue, usage: JSONValue = .null) -> ByteBuffer {
        var chunk: JSONObject = [
            "id": .string(id), "object": "chat.completion.chunk", "created": .integer(created.seconds),
            "model": .string(model), "system_fingerprint": .null, "choices": choices,
        ]
        if tellsUsage { chunk["usage"] = usage }
        return Self.event(.object(chunk))
    }

    /// `error` as the error object of an ordinary answer has it.
    static func failure(_ error: JSONValue) -> ByteBuffer { event(["error": error]) }

    static let done = ByteBuffer(string: "data: [DONE]\n\n")
    static let keepAlive = ByteBuffer(string: ": keep-alive\n\n")

    private static func event(_ value: JSONValue) -> ByteBuffer {
        var buffer = ByteBuffer(string: "data: ")
        buffer.writeBytes(value.serialized())
        buffer.writeString("\n\n")
        return buffer
    }

    // MARK: Usage

    static func usage(prompt: String, inputs: Int, contentBytes: Int) -> JSONValue {
        let asked = Int64(max(1, (prompt.utf8.count + 3) / 4) + 85 * inputs)
        let answered = Int64(max(1, (contentBytes + 3) / 4))
        return [
            "prompt_tokens": .integer(asked), "completion_tokens": .integer(answered),
            "total_tokens": .integer(asked + answered),
        ]
    }
}

/// The words of chat answers.
struct ChatWords: Sendable {
    let kind: MediaKind
    let language: Language
    let videoMarkdown: ChatOptions.VideoMarkdown

    /// What a stream begins with.
    var waiting: String {
        switch (kind, language) {
        case (.image, .english): "🎨 Generating image, please wait..."
        case (.image, .chinese): "🎨 图像生成中，请稍候..."
        case (.video, .english): "🎬 Generating video, please wait..."
        case (.video, .chinese): "🎬 视频生成中，请稍候..."
        }
    }

    /// How a front-end shows a result.
    func markdown(_ url: String) -> String {
        guard kind == .video else { return "![image](\(url))" }
        switch videoMarkdown {
        case .image: return "![video](\(url))"
        case .link: return "[video](\(url))"
        case .html: return "<video controls src=\"\(Self.attribute(url))\"></video>"
        }
    }

    private static func attribute(_ url: String) -> String {
        url.replacing("&", with: "&amp;").replacing("\"", with: "&quot;").replacing("<", with: "&lt;")
    }

    /// Place in the queue, percentage and time left, as far as they are known; nil before anything is.
    static func progress(of job: Job, now: Timestamp) -> String? {
        var parts: [String] = []
        if let position = job.progress.queuePosition {
            parts.append("queue \(position)" + (job.progress.queueLength.map { "/\($0)" } ?? ""))
        }
        if job.progress.percent > 0 || !parts.isEmpty { parts.append("\(min(100, job.progress.percent)) %") }
        guard !parts.isEmpty else { return nil }
        let left = job.progress.expectedEnd.map { ($0 - now).wholeMilliseconds / 1000 } ?? 0
        if left > 0 { parts.append("\(left) s left") }
        return parts.joined(separator: ", ")
    }

    /// What a change of which is worth telling; the time left falls by itself.
    static func progressKey(of job: Job) -> [Int] {
        [job.progress.queuePosition ?? -1, job.progress.queueLength ?? -1, job.progress.percent]
    }
}
