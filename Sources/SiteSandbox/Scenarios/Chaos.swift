/// Misfortune by chance: how often, and of which kind. The same seed, session and count give the same.
struct Chaos: Sendable {
    /// Out of 100 calls, jobs and downloads.
    let percent: Int
    private var chance: Chance

    /// `what`: tells draws of different things apart; `number`: counts the draws of one thing.
    init(percent: Int, seed: UInt64, session: String, what: String, number: Int) {
        self.percent = percent
        chance = Chance("\(seed) \(session) \(what)", number)
    }

    /// The percentage in a session id, `sandbox-chaos-15-name`; 10 when there is none.
    static func percent(of sessionID: String) -> Int {
        let parts = sessionID.lowercased().split(separator: "-").drop { $0 != "chaos" }.dropFirst()
        guard let first = parts.first, let number = Int(first), (0...100).contains(number) else { return 10 }
        return number
    }

    private mutating func happens() -> Bool { chance.fraction() * 100 < Double(percent) }

    private mutating func one<Element>(of choices: [Element]) -> Element? {
        choices.isEmpty ? nil : choices[Int(chance.next() % UInt64(choices.count))]
    }

    /// What befalls a call, and whether it happens instead of what was asked for.
    mutating func call(_ endpoint: SandboxEndpoint) -> (mishap: Mishap, isInstead: Bool)? {
        guard happens() else { return nil }
        // Too much is only sent where much is usual.
        let kinds = Mishap.allCases.filter { $0 != .flood || endpoint == .history }
        guard let mishap = one(of: kinds) else { return nil }
        let canReplace = mishap == .serverError || mishap == .drop
        return (mishap, canReplace && chance.fraction() < 0.5)
    }

    /// How a job ends that does not end well.
    mutating func ending() -> JobEnding? {
        happens() ? one(of: [.withheld, .partial, .partialFailure, .stalls, .inputRefused, .fails, .deleted]) : nil
    }

    mutating func download() -> Mishap? {
        happens() ? one(of: [.serverError, .drop, .cut]) : nil
    }

    /// Whether something else of an account or a job goes wrong.
    mutating func strikes() -> Bool { happens() }
}
