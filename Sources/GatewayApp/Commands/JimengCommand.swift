package import ArgumentParser

/// `jimeng`: one program for the server, the command line and the simulated site.
package struct JimengCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "jimeng",
        abstract: "Pictures and videos of Jimeng and Dreamina, for your own account.",
        discussion: """
            Start with the simulated site, which needs no account:

              jimeng image "a lighthouse at dusk" --ratio 16:9 -o lighthouse.png
              jimeng serve

            Then use your own account: sign in on the website, copy the cookie named sessionid, and give it as the token
            (with us-, hk-, jp- or sg- in front for the international site):

              jimeng image "a lighthouse at dusk" --token SESSIONID -o lighthouse.png
            """,
        version: Version.text,
        subcommands: [
            ServeCommand.self, ImageCommand.self, VideoCommand.self, ModelsCommand.self, PointsCommand.self,
            ClaimCommand.self, UsageCommand.self, KeysCommand.self, AccountsCommand.self, WebhookSecretCommand.self,
            SandboxCommand.self, PictureWorkerCommand.self,
        ])

    package init() {}
}
