import Testing

/// A place in a generation's life where a process may die.
enum CrashPoint: String, Sendable, CaseIterable, CustomTestStringConvertible {
    case beforeTheJobIsWritten
    case afterTheJobIsWritten
    case duringTheUpload
    /// The job is on disk as submitting; no connection to the site stands.
    case beforeTheSubmitLeaves
    /// The request is on its way; the site never sees it.
    case beforeTheSubmitArrives
    case beforeTheAnswerToTheSubmit
    case duringPolling
    case duringTheDownload
    /// The ledger was read at the site; nothing of it is in the account book.
    case duringTheSettlement

    var testDescription: String { rawValue }

    /// Where the exchange with the site is held.
    var point: HoldingProxy.Point? {
        switch self {
        case .beforeTheJobIsWritten, .beforeTheSubmitLeaves: nil
        case .afterTheJobIsWritten, .beforeTheSubmitArrives:
            HoldingProxy.Point(path: "/mweb/v1/aigc_draft/generate", moment: .before)
        case .duringTheUpload: HoldingProxy.Point(path: "/upload/v1/", moment: .before)
        case .beforeTheAnswerToTheSubmit: HoldingProxy.Point(path: "/mweb/v1/aigc_draft/generate", moment: .after)
        case .duringPolling: HoldingProxy.Point(path: "/mweb/v1/get_history_by_ids", moment: .after)
        case .duringTheDownload: HoldingProxy.Point(path: "/media/", moment: .before)
        case .duringTheSettlement:
            HoldingProxy.Point(path: "/commerce/v1/benefits/user_credit_history", moment: .after)
        }
    }

    /// The state of the job when the process dies.
    var state: String {
        switch self {
        case .beforeTheJobIsWritten: "none"
        case .afterTheJobIsWritten: "queued"
        case .duringTheUpload: "preparing"
        case .beforeTheSubmitLeaves, .beforeTheSubmitArrives, .beforeTheAnswerToTheSubmit: "submitting"
        case .duringPolling: "running"
        case .duringTheDownload, .duringTheSettlement: "succeeded"
        }
    }

    /// The state it ends in, and how many submissions the site has seen then.
    var end: (state: String, submits: Int) {
        switch self {
        case .beforeTheSubmitLeaves, .beforeTheSubmitArrives: ("failed", 0)
        default: ("succeeded", 1)
        }
    }
}
