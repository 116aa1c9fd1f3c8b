import ArgumentParser
import WireJSON

struct PointsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "points", abstract: "Show the credits of the accounts.",
        discussion: """
            Asks for every account of the token's comma list.

              jimeng points --token SESSIONID,us-SESSIONID

            \(ExitStatus.help)
            """)

    @Flag(name: .long, help: "Print JSON, one object per account.")
    var json = false

    @OptionGroup var client: ClientOptions

    func run() async throws {
        let json = json
        try await client.run(standIn: "these are the credits of the simulated site") { client, base in
            let answer = try await client.post([:], to: "/token/points", at: base)
            try CreditsReport(answer, member: "points").show(asJSON: json)
        }
    }
}
