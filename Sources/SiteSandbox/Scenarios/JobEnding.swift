/// How a job of the sandbox ends. Record status and task status are named as "record/task" where they differ.
/// The raw value is its name in the journal.
enum JobEnding: String, Sendable, Hashable {
    /// 50 with all pictures.
    case success
    /// Goes on running.
    case never
    /// 30/40, nothing delivered.
    case withheld
    /// 50 with half of the pictures, the others listed as failed.
    case partial
    /// 30 with half of the pictures.
    case partialFailure
    /// 45 with half of the pictures, without an end.
    case stalls
    /// 10 with all pictures and no error.
    case oldSuccess
    /// 30/10.
    case inputRefused
    /// 50 without pictures.
    case empty
    /// 50 with every picture listed as failed.
    case allWithheld
    /// 30 with a general reason.
    case fails
    /// 100.
    case deleted
    /// A status nobody explains (60, then 70) with a reason for failing.
    case unknownFailure

    /// The reason given with a failure.
    struct Reason: Sendable, Hashable {
        var code: String
        var key: String
        var message: String

        /// The reason as a video's record gives it.
        var ofVideo: Reason {
            guard code == "2004" else { return self }
            return Reason(
                code: "2042", key: "ErrMessage_APP_OutputVideoRisk", message: "The video may violate the guidelines")
        }
    }

    var reason: Reason? {
        switch self {
        case .withheld:
            Reason(
                code: "2004", key: "ErrMessage_APP_OutputImageRisk", message: "The result may violate the guidelines")
        case .partialFailure: Reason(code: "2041", key: "", message: "Some results were withheld")
        case .inputRefused:
            Reason(
                code: "2038", key: "web_text_violates_community_guidelines_toast",
                message: "The text may violate the community guidelines")
        case .fails: Reason(code: "1017", key: "web_generation_failed_toast", message: "Generation failed")
        case .unknownFailure: Reason(code: "100402", key: "", message: "Generation failed")
        case .success, .never, .partial, .stalls, .oldSuccess, .empty, .allWithheld, .deleted: nil
        }
    }

    /// Whether the charge is given back when the job ends.
    var isRefunded: Bool {
        switch self {
        case .withheld, .allWithheld, .inputRefused: true
        default: false
        }
    }

    /// How many of `count` pictures there are at the end.
    func delivered(of count: Int) -> Int {
        switch self {
        case .success, .oldSuccess: count
        case .partial, .partialFailure, .stalls: max(1, count / 2)
        case .never, .withheld, .allWithheld, .inputRefused, .empty, .fails, .deleted, .unknownFailure: 0
        }
    }
}
