/// The languages of error texts.
package enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case chinese = "zh"
}
