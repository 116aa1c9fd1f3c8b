import ArgumentParser
import WireJSON

struct ClaimCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claim", abstract: "Claim the day's free credits of the accounts.",
        discussion: """
            Claims for every account of the token's comma list and shows what each has afterwards. To claim twice a day
            does no harm.

              jimeng claim --token SESSIONID,us-SESSIONID

            \(ExitStatus.help)
            """)

    @Flag(name: .long, help: "Print JSON, one object per account.")
    var json = false

    @OptionGroup var client: ClientOptions

    func run() async throws {
        let json = json
        try await client.run(standIn: "the simulated site gives the credits") { client, base in
            let answer = try await client.post([:], to: "/token/receive", at: base)
            try CreditsReport(answer, member: "credits").show(asJSON: json)
        }
    }
}
