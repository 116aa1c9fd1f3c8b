/// What an account of the sandbox goes through. The session id chooses: `sandbox-` and the script's name, then anything
/// behind a further dash, so that `sandbox-slow-2` is a second account of the script `slow`. Other names play ``demo``.
package enum SandboxScript: String, Sendable, CaseIterable {
    case demo
    case fast
    case slow
    case queue
    case endless
    case late
    case early45
    case moderationPrompt = "moderation-prompt"
    case moderationOutput = "moderation-output"
    case partial
    case partial30
    case stall45
    case old10
    case reject10
    case empty50
    case withheld50
    case fail
    case gone
    case unknownStatus = "unknown-status"
    case forced4
    case nocredits
    case giftOnly = "gift-only"
    case closed
    case vip
    case daily
    case dailyLimit = "daily-limit"
    case dead
    case oldSession = "old-session"
    case clock
    case blocked
    case risk
    case confirm
    case permission
    case outdated
    case region
    case concurrency
    case ratelimit
    case busy
    case http500
    case submit500
    case lostanswer
    case lostsubmit
    case notjson
    case flaky
    case uploadFail = "upload-fail"
    case uploadFlaky = "upload-flaky"
    case uploadSlow = "upload-slow"
    case uploadWindow = "upload-window"
    case uploadExpired = "upload-expired"
    case uploadUnreadable = "upload-unreadable"
    case auditReject = "audit-reject"
    case auditDown = "audit-down"
    case videoQueue = "video-queue"
    case videoLimit = "video-limit"
    case hqFail = "hq-fail"
    case noCancel = "no-cancel"
    case outage
    case reset
    case resetSubmit = "reset-submit"
    case drip
    case dripSubmit = "drip-submit"
    case flood
    case notjsonSubmit = "notjson-submit"
    case strings
    case gaps
    case endless45
    case ledgerLate = "ledger-late"
    case skew
    case linkExpired = "link-expired"
    case mediaReset = "media-reset"
    case mediaDrip = "media-drip"
    case mediaDown = "media-down"
    case member
    case chaos

    /// The script of a session id, with or without `sandbox-` in front, in any case.
    package init(sessionID: String) {
        var name = Substring(sessionID.lowercased())
        if name.hasPrefix("sandbox-") { name = name.dropFirst("sandbox-".count) }
        let fitting = Self.allCases.filter { name == $0.rawValue || name.hasPrefix($0.rawValue + "-") }
        self = fitting.max { $0.rawValue.count < $1.rawValue.count } ?? .demo
    }

    /// One line for help texts.
    package var summary: String {
        switch self {
        case .demo: "everything works; the default for any other name"
        case .fast: "jobs are finished at the first look"
        case .slow: "jobs take 60 s"
        case .queue: "jobs wait 20 s in a long line first"
        case .endless: "jobs never end"
        case .late: "new jobs are unknown to the first three queries (ret 2008, then a missing key)"
        case .early45: "jobs show status 45 from the start, then run as usual"
        case .moderationPrompt: "the prompt is refused at submission (ret 2038)"
        case .moderationOutput: "the result is withheld after running (status 30/40), refunded"
        case .partial: "half of the pictures are withheld, the job succeeds"
        case .partial30: "half of the pictures are withheld, the job counts as failed (status 30 with items)"
        case .stall45: "half of the pictures come, then status 45 for ever until the job is continued"
        case .old10: "jobs end in status 10 with pictures, as years ago"
        case .reject10: "the input is refused after submission (status 30/10), refunded"
        case .empty50: "jobs end in status 50 without any picture"
        case .withheld50: "jobs end in status 50 with every picture withheld, refunded"
        case .fail: "jobs fail for no clear reason (status 30, fail code 1017), not refunded"
        case .gone: "jobs are deleted while they run (status 100)"
        case .unknownStatus: "jobs show status 60 while running and fail with status 70"
        case .forced4: "the count asked for is ignored, four pictures come"
        case .nocredits: "no credits and no daily gift (ret 1006)"
        case .giftOnly: "models that need bought credits are refused, although daily ones are left (ret 1006)"
        case .closed: "every model is refused, although there are credits (ret 1006)"
        case .vip: "a membership is needed (ret 4003, which says so)"
        case .daily: "no credits until the daily gift of 66 is claimed"
        case .dailyLimit: "the daily limit is reached (ret 121101)"
        case .dead: "the session is over (ret 1015 everywhere)"
        case .oldSession: "the session is over: submissions answer 2001 as years ago, the balance 1015"
        case .clock: "the first submission is refused for its time (ret 1014)"
        case .blocked: "the account is punished (ret 1018)"
        case .risk: "risk control refuses (ret 1019)"
        case .confirm: "terms have to be accepted on the website first (ret 4010)"
        case .permission: "the account lacks the permission (ret 4003)"
        case .outdated: "the request is not understood any more (ret 3018)"
        case .region: "the address is not allowed here (ret 3000 everywhere)"
        case .concurrency: "more than two running jobs are refused (ret 1010)"
        case .ratelimit: "the first two submissions are refused (ret 1057)"
        case .busy: "every submission is refused as too frequent (ret 1)"
        case .http500: "the first two queries of a job answer HTTP 500"
        case .submit500: "submissions answer HTTP 500 and create nothing"
        case .lostanswer: "submissions are accepted, but the connection breaks before the answer"
        case .lostsubmit: "the connection breaks and nothing was created"
        case .notjson: "the first two queries of a job answer a web page"
        case .flaky: "one query in three breaks the connection"
        case .uploadFail: "the bytes of inputs are never taken (code 4010)"
        case .uploadFlaky: "the bytes of the first input are refused once, then everything works"
        case .uploadSlow: "the bytes of each input take 5 s"
        case .uploadWindow: "the first two signed storage calls get SignatureDoesNotMatch although they are right"
        case .uploadExpired: "the first upload keys have expired when they are handed out"
        case .uploadUnreadable: "inputs are taken, but cannot be read at the end (UriStatus 2001, no result)"
        case .auditReject: "the checks of inputs say no (ret 2003, audit_decision 2)"
        case .auditDown: "the checks of inputs answer HTTP 500"
        case .videoQueue: "videos wait 60 s in a line of hundreds first, and can be cancelled there"
        case .videoLimit: "a second running video is refused (ret 1310)"
        case .hqFail: "the list with the good video files is refused (ret 1000)"
        case .noCancel: "cancelling is always refused (ret 1002)"
        case .outage: "every call answers HTTP 500, 502, 503 or 504"
        case .reset: "the answers to the first two queries of a job break off in the middle"
        case .resetSubmit: "submissions are accepted, but the answer breaks off in the middle"
        case .drip: "the answer to the first query of a job comes a byte a second and never ends"
        case .dripSubmit: "submissions are accepted, but the answer never ends"
        case .flood: "the first query of a job is answered with 48 MiB"
        case .notjsonSubmit: "submissions are accepted, but the answer is a web page"
        case .strings: "every number of every answer comes as text"
        case .gaps: "answers lack every member that a client can do without"
        case .endless45: "jobs show status 45 without a picture for ever"
        case .member: "ten pictures of 5.0 at 2k a day are free, a submission wholly or not at all"
        case .ledgerLate: "charges and refunds appear in the ledger an hour late"
        case .skew: "the site's clock is an hour ahead in all it tells"
        case .linkExpired: "links to results have ended when they are told, those asked for anew by URI or vid live"
        case .mediaReset: "the first two downloads of a job's results break off in the middle"
        case .mediaDrip: "the first download of a job's results comes a byte a second and never ends"
        case .mediaDown: "results can't be downloaded (HTTP 5xx)"
        case .chaos: "chaos-15: of 100 calls, jobs and downloads 15 go wrong, each in another way (10 without a number)"
        }
    }
}

extension SandboxScript {
    /// The `ret` every submission gets.
    var submitRefusal: Int? {
        switch self {
        case .moderationPrompt: 2038
        case .dailyLimit: 121_101
        case .blocked: 1018
        case .risk: 1019
        case .confirm: 4010
        case .permission: 4003
        case .vip: 4003
        case .oldSession: 2001
        case .closed: 1006
        case .outdated: 3018
        case .busy: 1
        default: nil
        }
    }

    /// The `ret` every call of any kind gets.
    var universalRefusal: Int? {
        switch self {
        case .dead: 1015
        case .region: 3000
        default: nil
        }
    }

    var ending: JobEnding {
        switch self {
        case .endless, .endless45: .never
        case .moderationOutput: .withheld
        case .partial: .partial
        case .partial30: .partialFailure
        case .stall45: .stalls
        case .old10: .oldSuccess
        case .reject10: .inputRefused
        case .empty50: .empty
        case .withheld50: .allWithheld
        case .fail: .fails
        case .gone: .deleted
        case .unknownStatus: .unknownFailure
        default: .success
        }
    }

    /// What happens to the answers of accepted submissions.
    var submitMishap: Mishap? {
        switch self {
        case .resetSubmit: .cut
        case .dripSubmit: .drip
        case .notjsonSubmit: .webPage
        default: nil
        }
    }

    /// What happens to the answers of the first queries of a job, and of how many.
    var historyMishap: (mishap: Mishap, queries: Int)? {
        switch self {
        case .notjson: (.webPage, 2)
        case .reset: (.cut, 2)
        case .drip: (.drip, 1)
        case .flood: (.flood, 1)
        default: nil
        }
    }

    /// The script's own run time, if it has one.
    var runTime: Duration? {
        switch self {
        case .fast: .zero
        case .slow: .seconds(60)
        default: nil
        }
    }

    /// How long a job waits in line, if the script has its own time for that.
    func queueTime(isVideo: Bool) -> Duration? {
        switch self {
        case .queue: .seconds(20)
        case .videoQueue where isVideo: .seconds(60)
        case .fast: .zero
        default: nil
        }
    }

    /// The place in line a job begins at.
    func firstPlace(isVideo: Bool) -> Int {
        switch self {
        case .queue: 40
        case .videoQueue where isVideo: 37
        default: isVideo ? 12 : 6
        }
    }

    /// Gift credits at the start, if the script has its own.
    var credits: Int? {
        switch self {
        case .nocredits, .daily: 0
        default: nil
        }
    }
}
