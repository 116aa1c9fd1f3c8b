/// How `POST /v1/chat/completions` behaves (endpoints.md sections 15 and 20).
package struct ChatOptions: Hashable, Sendable {
    /// Which pictures of a conversation become references.
    package enum ContextImages: String, Sendable, CaseIterable {
        case lastMessage = "last_message"
        /// Those of every message.
        case all
        /// Those of the last message, and the latest result of the assistant, so that "make it blue" edits that.
        case conversation
    }

    /// What a finished video looks like in the text.
    package enum VideoMarkdown: String, Sendable, CaseIterable {
        case image, link, html
    }

    /// What is told while a stream waits, beside comments that no reader shows.
    package enum Progress: String, Sendable, CaseIterable {
        case none
        /// A dot every 5 seconds.
        case dots
        /// Place in the queue and percentage as reasoning text, on change.
        case reasoning
    }

    /// How a failure after the headers is told (errors.md section 1.6).
    package enum StreamErrors: String, Sendable, CaseIterable {
        /// A visible line and the error object.
        case both
        case event
        case text
    }

    package var contextImages = ContextImages.lastMessage
    package var videoMarkdown = VideoMarkdown.image
    package var progress = Progress.none
    package var streamErrors = StreamErrors.both
    /// How long the headers of a stream wait for the site to take the generation, so that a refusal can be an ordinary
    /// answer.
    package var headerHold = Duration.seconds(8)
    /// Whether prompts that front-ends send for titles, tags and suggestions are answered without a generation.
    package var answersAuxiliary = true
    /// What a system message says that asks for the title of a conversation: lower case, `*` stands for anything.
    package var auxiliaryPatterns = [
        "conversation*title", "title*conversation", "chat*title", "title*chat", "会话*标题", "对话*标题",
    ]
    /// Whether every picture of a stream is a choice of its own, as the oldest gateways of this field have it.
    package var countsStreamChoices = false
    /// Whether only the first picture of a message is a reference.
    package var usesFirstImageOnly = false

    package init() {}
}
