/// Whether a prompt asks for a series of related pictures, and for how many (endpoints.md section 8, rule 1).
package enum MultiImagePrompt {
    /// How many a series has when nobody says.
    package static let usualCount = 4

    private static let words = ["连续", "绘本", "故事"]

    /// The number of pictures the prompt asks for, 1...`maximum`; nil when it does not ask for a series. Only figures
    /// directly in front of `张` count: `一张` is one picture, not a series.
    package static func wantedCount(in prompt: String, maximum: Int = 15) -> Int? {
        guard prompt.utf8.contains(where: { $0 >= 0x80 }) else { return nil }
        let scalars = PromptScalars(prompt)
        let counted = scalars.digitRuns.first { scalars.holds(0x5F20, at: $0.range.upperBound) }
        if let counted { return min(max(1, counted.value ?? maximum), max(1, maximum)) }
        guard words.contains(where: prompt.contains) else { return nil }
        return min(usualCount, max(1, maximum))
    }
}
