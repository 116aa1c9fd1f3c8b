/// What people write into a prompt instead of into a field: a ratio (endpoints.md section 6.3) and a length in seconds
/// (section 7.2). The prompt itself is sent unchanged.
///
/// Pure, and linear in the length of the prompt.
package enum PromptHints {
    /// Words that mean a ratio. Groups count in their order, wherever in the prompt their words stand.
    package struct Keywords: Hashable, Sendable {
        package struct Group: Hashable, Sendable {
            package var ratio: String
            package var words: [String]

            package init(ratio: String, words: [String]) {
                self.ratio = ratio
                self.words = words
            }
        }

        package var groups: [Group]

        package init(groups: [Group]) {
            self.groups = groups
        }

        package static let standard = Keywords(groups: [
            Group(ratio: "16:9", words: ["横屏", "宽屏", "横版"]), Group(ratio: "9:16", words: ["竖屏", "手机", "竖版"]),
            Group(ratio: "1:1", words: ["方形", "正方"]),
        ])
    }

    /// The ratio that the prompt names, one of `allowed` (`16:9`, ...); nil when it names none of them. Figures win over
    /// words, the first pair of figures over later ones.
    package static func ratio(
        in prompt: String, allowed: [String], keywords: Keywords = .standard
    ) -> String? {
        if prompt.utf8.contains(where: { $0 >= 0x80 || (0x30...0x39).contains($0) }) {
            let pairs = allowed.compactMap { name in pair(in: name).map { (name, $0) } }
            if let named = ratioInFigures(PromptScalars(prompt), pairs) { return named }
        }
        for group in keywords.groups where allowed.contains(group.ratio) {
            if group.words.contains(where: { !$0.isEmpty && prompt.contains($0) }) { return group.ratio }
        }
        return nil
    }

    /// The longest length of `allowed` that the prompt names (`10秒`, `5 s`, `12 seconds`); nil when it names none.
    package static func seconds(in prompt: String, allowed: [Int]) -> Int? {
        let scalars = PromptScalars(prompt)
        var longest: Int?
        for run in scalars.digitRuns {
            guard let value = run.value, allowed.contains(value), value > longest ?? 0,
                !scalars.isDotOrLatinLetter(at: run.range.lowerBound - 1),
                scalars.isUnitOfSeconds(at: scalars.skippingBlanks(from: run.range.upperBound))
            else { continue }
            longest = value
        }
        return longest
    }

    private struct Pair: Hashable {
        var left: Int
        var right: Int
    }

    private static func pair(in ratio: String) -> Pair? {
        let sides = ratio.split(separator: ":", omittingEmptySubsequences: false)
        guard sides.count == 2, let left = Int(sides[0]), let right = Int(sides[1]) else { return nil }
        return Pair(left: left, right: right)
    }

    private static func ratioInFigures(_ scalars: PromptScalars, _ allowed: [(String, Pair)]) -> String? {
        let runs = scalars.digitRuns
        for (left, right) in zip(runs, runs.dropFirst()) {
            let colon = scalars.skippingBlanks(from: left.range.upperBound)
            guard scalars.isColon(at: colon), scalars.skippingBlanks(from: colon + 1) == right.range.lowerBound,
                // A link of a longer chain, such as a time with seconds, is no ratio.
                !(scalars.isColon(at: left.range.lowerBound - 1) && scalars.isDigit(at: left.range.lowerBound - 2)),
                !(scalars.isColon(at: right.range.upperBound) && scalars.isDigit(at: right.range.upperBound + 1)),
                let width = left.value, let height = right.value
            else { continue }
            let pair = Pair(left: width, right: height)
            if let found = allowed.first(where: { $0.1 == pair }) { return found.0 }
        }
        return nil
    }
}
