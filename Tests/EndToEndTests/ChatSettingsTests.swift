import GatewayApp
import GatewayCore
import GatewayHTTP
import Testing

@Suite("Settings of chat, prompts and forgiving")
struct ChatSettingsTests {
    private func read(_ environment: [String: String]) async throws -> HTTPConfiguration {
        try await AppConfiguration.read(flags: [:], environment: environment).http
    }

    @Test("what is set reaches the API")
    func set() async throws {
        let http = try await read([
            "JIMENG_CHAT_CONTEXT_IMAGES": "conversation", "JIMENG_CHAT_VIDEO_MARKDOWN": "html",
            "JIMENG_CHAT_PROGRESS": "reasoning", "JIMENG_CHAT_STREAM_ERROR_STYLE": "text",
            "JIMENG_CHAT_BLOCK_AUXILIARY": "false", "JIMENG_CHAT_VIDEO_DEFAULT_DURATION": "5",
            "JIMENG_STREAM_HEADER_HOLD_MS": "0", "JIMENG_COMPAT_STREAM_CHOICE_INDEX": "increment",
            "JIMENG_COMPAT_CHAT_FIRST_IMAGE_ONLY": "true", "JIMENG_COMPAT_LENIENT_JSON": "false",
            "JIMENG_COMPAT_LEGACY_ERROR_ENVELOPE": "http200", "JIMENG_PROMPT_HINTS_ENABLED": "false",
            "JIMENG_PROMPT_HINTS_KEYWORDS": "portrait=9:16,wide = 21:9", "JIMENG_LIMITS_MULTI_IMAGE_MAX": "6",
        ])
        #expect(http.chat.contextImages == .conversation)
        #expect(http.chat.videoMarkdown == .html)
        #expect(http.chat.progress == .reasoning)
        #expect(http.chat.streamErrors == .text)
        #expect(!http.chat.answersAuxiliary)
        #expect(http.images.chatVideoSeconds == 5)
        #expect(http.chat.headerHold == .zero)
        #expect(http.chat.countsStreamChoices)
        #expect(http.chat.usesFirstImageOnly)
        #expect(!http.repairsJSON)
        #expect(http.legacyErrors == .http200)
        #expect(!http.images.readsPromptHints)
        #expect(
            http.images.ratioKeywords.groups == [
                .init(ratio: "9:16", words: ["portrait"]), .init(ratio: "21:9", words: ["wide"]),
            ])
        #expect(http.images.multiImageMaximum == 6)
    }

    @Test("left alone, they are as documented")
    func usual() async throws {
        let http = try await read([:])
        #expect(http.chat == ChatOptions())
        #expect(http.repairsJSON)
        #expect(http.legacyErrors == .off)
        #expect(http.images.ratioKeywords == .standard)
    }

    @Test(
        "what can't be used is reported",
        arguments: [
            ("CHAT_PROGRESS", "bars"), ("PROMPT_HINTS_KEYWORDS", "portrait=9:17"), ("PROMPT_HINTS_KEYWORDS", "=1:1"),
            ("STREAM_HEADER_HOLD_MS", "-1"), ("LIMITS_MULTI_IMAGE_MAX", "16"),
        ])
    func refused(_ key: String, _ value: String) async throws {
        await #expect(throws: ConfigurationProblems.self) { try await read(["JIMENG_" + key: value]) }
    }
}
