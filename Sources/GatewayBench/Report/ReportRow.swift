/// One line of the report.
struct ReportRow: Sendable {
    enum Verdict: String, Sendable {
        case met = "met"
        case short = "**short**"
        /// There is no budget for it.
        case none = ""
    }

    var what: String
    var budget = ""
    var measured: String
    /// What ran beside it in the same run, or what explains the figure.
    var reference = ""
    var verdict = Verdict.none

    static func verdict(_ isMet: Bool) -> Verdict { isMet ? .met : .short }

    var markdown: String {
        let cells = [what, budget, measured, reference, verdict.rawValue].map { cell in
            cell.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
        }
        return "| " + cells.joined(separator: " | ") + " |"
    }
}
