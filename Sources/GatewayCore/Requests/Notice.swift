/// The words by which an answer says that a request was honoured with a change (endpoints.md section 1.1).
package enum Notice {
    package static let ratioFromPrompt = "ratio_from_prompt"
    package static let ratioFromSize = "ratio_from_size"
    package static let ratioIgnoredIntelligent = "ratio_ignored_intelligent"
    package static let ratioIgnoredImageInput = "ratio_ignored_image_input"
    package static let resolutionFromSize = "resolution_from_size"
    package static let resolutionForced = "resolution_forced"
    package static let resolutionIgnoredModel = "resolution_ignored_model"
    package static let durationFromPrompt = "duration_from_prompt"
    /// The links are the site's and expire: its results could not be copied, or not in time.
    package static let mediaNotKept = "media_not_kept"
    package static let retryAttached = "retry_attached"
    package static let uploadedFilesPreferred = "uploaded_files_preferred"

    package static func bodyRepaired(_ kinds: [String]) -> String {
        "body_repaired:" + kinds.joined(separator: "+")
    }
    package static func modelAlias(_ canonical: String) -> String { "model_alias:\(canonical)" }
    package static func modelFallback(_ canonical: String) -> String { "model_fallback:\(canonical)" }
    package static func countAdjusted(_ count: Int) -> String { "count_adjusted:\(count)" }
    package static func parameterIgnored(_ name: String) -> String { "param_ignored:\(name)" }
    package static func durationAdjusted(_ seconds: Int) -> String { "duration_adjusted:\(seconds)" }
    package static func filesIgnored(_ count: Int) -> String { "files_ignored:\(count)" }
    package static func materialUnreferenced(_ name: String) -> String { "material_unreferenced:\(name)" }
    package static func countTruncated(produced: Int) -> String { "n_truncated:\(produced)" }
    package static func partialResult(got: Int, wanted: Int) -> String { "partial_result:\(got)/\(wanted)" }
}
