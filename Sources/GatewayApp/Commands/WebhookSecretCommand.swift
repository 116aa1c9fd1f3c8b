import ArgumentParser
import Foundation
import GatewayCore

struct WebhookSecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook-secret", abstract: "Print the secret that webhooks are signed with.",
        discussion: """
            For the program that receives the webhooks and checks their signatures (Standard Webhooks). Requests that
            bring a webhook_secret of their own are signed with that instead.

              jimeng webhook-secret --data-dir ./data
            """)

    @OptionGroup var options: ServerOptions

    func run() async throws {
        do {
            let configuration = try await options.read()
            let file = URL(fileURLWithPath: configuration.dataFolder).path + "/jimeng.key"
            if let secret = configuration.webhooks.secret { return Terminal.say(secret.reveal()) }
            if let key = configuration.secretKey {
                return Terminal.say(
                    WebhookSecret(ofInstallation: KeyVault(master: KeyVault.material(of: key))).text.reveal())
            }
            // Reading must not make a key: the server does that when it first runs there.
            guard FileManager.default.fileExists(atPath: file) else {
                Terminal.complain("There is no key in \(configuration.dataFolder) yet. Start the server there once.")
                throw ExitStatus.failure.code
            }
            Terminal.say(WebhookSecret(ofInstallation: try KeyVault(file: file)).text.reveal())
        } catch let problems as ConfigurationProblems {
            Terminal.complain(problems.description)
            throw ExitStatus.usage.code
        } catch let problem as KeyVault.Problem {
            Terminal.complain(problem.description)
            throw ExitStatus.failure.code
        }
    }
}
