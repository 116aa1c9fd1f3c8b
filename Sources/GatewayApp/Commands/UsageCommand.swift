import ArgumentParser
import Foundation
import WireJSON

struct UsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage", abstract: "Show what generations have cost, by the site's own ledger.",
        discussion: """
            Counts what the token's owner has generated, the last 30 days unless told otherwise.

              jimeng usage
              jimeng usage --by day,model --from 2026-11-01 --to 2026-11-30

            The ledger is minutes late. PENDING is what generations without an entry yet were estimated at.

            \(ExitStatus.help)
            """)

    @Option(name: .long, help: "What to tell apart: day, model, kind, key, account, none. Several with commas.")
    var by = "day"

    @Option(name: .long, help: "The first day, like 2026-11-01.")
    var from: String?

    @Option(name: .long, help: "The last day, like 2026-11-30.")
    var to: String?

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    @OptionGroup var client: ClientOptions

    func run() async throws {
        var query = URLComponents()
        query.path = "/v1/usage"
        query.queryItems = [
            URLQueryItem(name: "group_by", value: by),
            // Days as this machine has them.
            URLQueryItem(name: "utc_offset", value: UsageReport.offset(seconds: TimeZone.current.secondsFromGMT())),
        ]
        if let from { query.queryItems?.append(URLQueryItem(name: "from", value: from)) }
        if let to { query.queryItems?.append(URLQueryItem(name: "to", value: to)) }
        let path = query.string ?? query.path
        let json = json
        try await client.run(standIn: "this is what the simulated site has charged") { client, base in
            let answer = try await client.get(path, at: base)
            for line in UsageReport(answer).lines(asJSON: json) { Terminal.say(line) }
        }
    }
}
