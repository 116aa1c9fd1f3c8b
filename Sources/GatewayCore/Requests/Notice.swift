/// The words by which an answer says that a request was honoured with a change (endpoints.md section 1.1).
package enum Notice {
    package static let ratioFromPrompt = "ratio_from_prompt"
    package static let ratioFromSize = "ratio_from_size"
    package static let ratioIgnoredIntelligent = "ratio_ignored_intelligent"
    package static let resolutionFromSize = "resolution_from_size"
    package static let resolutionForced = "resolution_forced"
    package static let retryAttached = "retry_attached"

    package static func bodyRepaired(_ kinds: [String]) -> String {
        "body_repaired:" + kinds.joined(separator: "+")
    }
    package static func modelAlias(_ canonical: String) -> String { "model_alias:\(canonical)" }
    package static func modelFallback(_ canonical: String) -> String { "model_fallback:\(canonical)" }
    package static func countAdjusted(_ count: Int) -> String { "count_adjusted:\(count)" }
    package static func parameterIgnored(_ name: String) -> String { "param_ignored:\(name)" }
    package static func countTruncated(produced: Int) -> String { "n_truncated:\(produced)" }
    package static func partialResult(got: Int, wanted: Int) -> String { "partial_result:\(got)/\(wanted)" }
}
