import GatewayCore
import WireJSON

/// Recognises what chat front-ends ask the selected model beside the conversation itself (titles, tags, suggestions), and
/// has a short answer for it, so that nobody pays for a picture of it (endpoints.md section 15.1).
enum AuxiliaryPrompt {
    private static let answerLength = 20

    /// The answer; nil when this is a request like any other.
    static func answer(to request: ChatRequest, patterns: [String]) -> String? {
        let prompt = request.prompt
        let isTask =
            prompt.trimmingBlanks().hasPrefix("### Task:")
            && (prompt.contains("<chat_history>") || prompt.contains("### Chat History"))
        guard isTask || asksForTitle(request.instructions, patterns) else { return nil }
        let line = lastUserLine(of: prompt)
        let short = String(line.prefix(answerLength))
        let wanted = isTask ? prompt : "\(request.instructions)\n\(prompt)"
        let answer: JSONValue? =
            if wanted.contains("\"tags\"") {
                ["tags": []]
            } else if wanted.contains("\"follow_ups\"") {
                ["follow_ups": []]
            } else if wanted.contains("\"queries\"") {
                ["queries": []]
            } else if wanted.contains("\"title\"") {
                ["title": .string(short)]
            } else {
                nil
            }
        return answer?.serializedString() ?? short
    }

    private static func asksForTitle(_ instructions: String, _ patterns: [String]) -> Bool {
        guard !instructions.isEmpty, instructions.utf8.count <= 64 * 1024 else { return false }
        let lowered = instructions.lowercased()
        return patterns.contains { pattern in
            var rest = lowered[...]
            for piece in pattern.lowercased().split(separator: "*") {
                guard let found = rest.firstRange(of: piece) else { return false }
                rest = rest[found.upperBound...]
            }
            return !pattern.isEmpty
        }
    }

    /// The last line that a transcript gives to the user, else the last line with anything in it.
    private static func lastUserLine(of prompt: String) -> String {
        let lines = prompt.split(whereSeparator: \.isNewline).suffix(10_000)
        let spoken = lines.last { $0.lowercased().hasPrefix("user:") }.map { $0.dropFirst("user:".count) }
        let line = spoken ?? lines.last { !$0.allSatisfy(\.isWhitespace) } ?? "Chat"
        return String(line).trimmingBlanks()
    }
}
