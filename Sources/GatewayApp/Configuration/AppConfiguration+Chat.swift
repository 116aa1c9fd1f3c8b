import GatewayCore
import GatewayHTTP

/// What concerns chat, prompts and forgiving (endpoints.md sections 15 and 20).
extension AppConfiguration {
    mutating func readChat(_ settings: inout SettingsReader) {
        let usual = ChatOptions()
        http.chat.contextImages =
            settings.choice("chat.context_images", ChatOptions.ContextImages.allCases.map { ($0.rawValue, $0) })
            ?? usual.contextImages
        http.chat.videoMarkdown =
            settings.choice("chat.video_markdown", ChatOptions.VideoMarkdown.allCases.map { ($0.rawValue, $0) })
            ?? usual.videoMarkdown
        http.chat.progress =
            settings.choice("chat.progress", ChatOptions.Progress.allCases.map { ($0.rawValue, $0) }) ?? usual.progress
        http.chat.streamErrors =
            settings.choice("chat.stream_error_style", ChatOptions.StreamErrors.allCases.map { ($0.rawValue, $0) })
            ?? usual.streamErrors
        http.chat.answersAuxiliary = settings.flag("chat.block_auxiliary") ?? usual.answersAuxiliary
        http.chat.auxiliaryPatterns = settings.list("chat.auxiliary_patterns") ?? usual.auxiliaryPatterns
        http.images.chatVideoSeconds = settings.integer("chat.video_default_duration", in: 1...60)
        if let hold = settings.integer("stream.header_hold_ms", in: 0...60_000) {
            http.chat.headerHold = .milliseconds(hold)
        }
        http.chat.countsStreamChoices =
            settings.choice("compat.stream_choice_index", [("zero", false), ("increment", true)]) ?? false
        http.chat.usesFirstImageOnly = settings.flag("compat.chat_first_image_only") ?? false
    }

    mutating func readHints(_ settings: inout SettingsReader) {
        http.repairsJSON = settings.flag("compat.lenient_json") ?? true
        http.legacyErrors =
            settings.choice(
                "compat.legacy_error_envelope", HTTPConfiguration.LegacyErrors.allCases.map { ($0.rawValue, $0) })
            ?? .off
        http.images.readsPromptHints = settings.flag("prompt_hints.enabled") ?? true
        if let entries = settings.list("prompt_hints.keywords") {
            http.images.ratioKeywords = PromptHints.Keywords(groups: [])
            for entry in entries {
                let halves = entry.split(separator: "=", maxSplits: 1).map { String($0).trimmingBlanks() }
                guard halves.count == 2, !halves[0].isEmpty, AspectRatio(rawValue: halves[1]) != nil else {
                    settings.report("prompt_hints.keywords holds \"\(entry)\", which is not word=ratio")
                    continue
                }
                http.images.ratioKeywords.groups.append(
                    PromptHints.Keywords.Group(ratio: halves[1], words: [halves[0]]))
            }
        }
        http.images.multiImageMaximum =
            settings.integer("limits.multi_image_max", in: 1...15) ?? http.images.multiImageMaximum
    }
}
