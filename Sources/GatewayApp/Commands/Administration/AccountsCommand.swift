import ArgumentParser
import Foundation
import NIOHTTP1
import WireJSON

struct AccountsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accounts", abstract: "Manage the accounts that requests with a gateway key use.",
        discussion: """
            Works with the gateway that runs on the data folder, or with the folder itself when none does.

              jimeng accounts add us-0123456789abcdef --label studio --tags team
              jimeng accounts add < session.txt
              jimeng accounts import cookies.json --tags team
              jimeng accounts check --all

            \(ExitStatus.help)
            """,
        subcommands: [
            Add.self, List.self, Check.self, Edit.self, Enable.self, Disable.self, Reset.self, Remove.self, Import.self,
        ])

    /// What an administrator calls an account.
    struct LabelOptions: ParsableArguments {
        @Option(name: .long, help: "What people call it.") var label: String?
        @Option(name: .long, help: "Groups that keys can be bound to, separated by commas.") var tags: String?
        @Option(name: .long, help: "Something to remember about it.") var note: String?

        var fields: JSONObject {
            var fields = JSONObject()
            if let label { fields["label"] = .string(label) }
            if let note { fields["note"] = .string(note) }
            if let tags {
                fields["tags"] = .array(
                    tags.split(separator: ",").map { .string($0.trimmingCharacters(in: .whitespaces)) })
            }
            return fields
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an account by its session id.",
            discussion: "The token has the form that clients send: us-<sessionid>, proxy@<sessionid>, sandbox-<name>.")

        @Argument(
            help:
                "The token. Without it, it is asked for or read from standard input, which keeps it out of the shell's history."
        )
        var token: String?

        @Flag(name: .long, help: "Add it, but give it no work yet.") var disabled = false
        @OptionGroup var labels: LabelOptions
        @OptionGroup var admin: AdminOptions

        func run() async throws {
            var fields = labels.fields
            fields["token"] = .string(try token ?? SecretInput.line("Session id: "))
            fields["enabled"] = .bool(!disabled)
            let (body, json) = (JSONValue.object(fields), admin.json)
            try await admin.run { client, base in
                let account = try await client.administer(.POST, "/accounts", at: base, body)
                Terminal.say(json ? account.serializedString() : AccountReport.added(account))
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the accounts.")

        @Flag(name: .long, help: "Those that clients' tokens brought here too.") var all = false
        @OptionGroup var admin: AdminOptions

        func run() async throws {
            let (json, origin) = (admin.json, all ? "all" : "pool")
            try await admin.run { client, base in
                let accounts = try await AccountsCommand.all(client, base, origin: origin)
                if json {
                    for account in accounts { Terminal.say(account.serializedString()) }
                } else if accounts.isEmpty {
                    Terminal.say("There are no accounts. Add one with: jimeng accounts add")
                } else {
                    Terminal.say(AccountReport.table(accounts))
                }
            }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask the site whether sessions work, and for their credits.")

        @Argument(help: "Ids, acct_...") var ids: [String] = []
        @Flag(name: .long, help: "Every account, one after another.") var all = false
        @OptionGroup var admin: AdminOptions

        func validate() throws {
            guard all != !ids.isEmpty else { throw ValidationError("Name accounts, or say --all.") }
        }

        func run() async throws {
            let json = admin.json
            let paths = try ids.map(AccountsCommand.path)
            try await admin.run { [all] client, base in
                var paths = paths
                var (count, failures) = (paths.count, 0)
                if all {
                    let accounts = try await AccountsCommand.all(client, base, origin: "pool")
                    count = accounts.count
                    for account in accounts {
                        // The site can't be asked about this one.
                        if account["status"] == .string("unreadable") {
                            failures += 1
                            Terminal.say(json ? account.serializedString() : AccountReport.line(account))
                        } else if let id = account["id"]?.string {
                            paths.append(try AccountsCommand.path(id))
                        }
                    }
                }
                for path in paths {
                    let account = try await client.administer(.POST, path + "/test", at: base)
                    if account["live"] != .bool(true) { failures += 1 }
                    Terminal.say(json ? account.serializedString() : AccountReport.checked(account))
                }
                if failures > 0 {
                    throw GatewayClient.Problem(message: "\(failures) of \(count) accounts do not work.")
                }
            }
        }
    }

    struct Edit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change an account; what is not named stays.")

        @Argument(help: "Its id, acct_...") var id: String
        @Option(name: .long, help: "scheme://[user[:password]@]host[:port]; none = direct.") var proxy: String?
        @OptionGroup var labels: LabelOptions
        @OptionGroup var admin: AdminOptions

        func run() async throws {
            var fields = labels.fields
            if let proxy { fields["proxy"] = proxy == "none" ? .null : .string(proxy) }
            try await AccountsCommand.change([id], fields, admin)
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give accounts work again.")
        @Argument(help: "Ids, acct_...") var ids: [String]
        @OptionGroup var admin: AdminOptions
        func run() async throws { try await AccountsCommand.change(ids, ["enabled": true], admin) }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give accounts no more work; what they have at the site goes on.")
        @Argument(help: "Ids, acct_...") var ids: [String]
        @OptionGroup var admin: AdminOptions
        func run() async throws { try await AccountsCommand.change(ids, ["enabled": false], admin) }
    }

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End an account's pause, whatever its reason.")
        @Argument(help: "Ids, acct_...") var ids: [String]
        @OptionGroup var admin: AdminOptions
        func run() async throws {
            let (paths, json) = (try ids.map(AccountsCommand.path), admin.json)
            try await admin.run { client, base in
                for path in paths {
                    let account = try await client.administer(.POST, path + "/reset", at: base)
                    Terminal.say(json ? account.serializedString() : AccountReport.line(account))
                }
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget accounts. Refused while the site has a generation of theirs.")
        @Argument(help: "Ids, acct_...") var ids: [String]
        @OptionGroup var admin: AdminOptions
        func run() async throws {
            let (paths, json) = (try ids.map(AccountsCommand.path), admin.json)
            try await admin.run { client, base in
                for path in paths {
                    let answer = try await client.administer(.DELETE, path, at: base)
                    Terminal.say(json ? answer.serializedString() : "\(answer["id"]?.string ?? "") is removed.")
                }
            }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add many accounts: tokens, one a line, or a browser's cookies as JSON.")

        @Argument(help: "A file; - = standard input.") var file = "-"
        @Option(name: .long, help: "Region of Dreamina cookies that do not tell it: us, hk, jp, sg.")
        var region: String?
        @OptionGroup var labels: LabelOptions
        @OptionGroup var admin: AdminOptions

        func run() async throws {
            var fields = labels.fields
            fields["text"] = .string(try SecretInput.text(file))
            if let region { fields["region"] = .string(region) }
            let (body, json) = (JSONValue.object(fields), admin.json)
            try await admin.run { client, base in
                let answer = try await client.administer(.POST, "/accounts/import", at: base, body)
                guard !json else { return Terminal.say(answer.serializedString()) }
                for account in answer["added"]?.array ?? [] { Terminal.say(AccountReport.added(account)) }
                for id in answer["known"]?.array ?? [] { Terminal.say("\(id.string ?? "") was there already.") }
                let rejected = answer["rejected"]?.array ?? []
                for entry in rejected {
                    Terminal.complain("\(entry["number"]?.int ?? 0): \(entry["error"]?.string ?? "")")
                }
                if !rejected.isEmpty {
                    throw GatewayClient.Problem(message: "\(rejected.count) entries can't be used.")
                }
            }
        }
    }

    // MARK: Parts

    /// - Throws: a usage error for a text that can't be an id, and so must not become part of a URL.
    static func path(_ id: String) throws -> String {
        let isName = id.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
        guard !id.isEmpty, id.utf8.count <= 80, isName else {
            throw ValidationError("That is no account's id; see jimeng accounts list.")
        }
        return "/accounts/" + id
    }

    static func change(_ ids: [String], _ fields: JSONObject, _ admin: AdminOptions) async throws {
        let (paths, body, json) = (try ids.map(path), JSONValue.object(fields), admin.json)
        try await admin.run { client, base in
            for path in paths {
                let account = try await client.administer(.PATCH, path, at: base, body)
                Terminal.say(json ? account.serializedString() : AccountReport.line(account))
            }
        }
    }

    static func all(_ client: GatewayClient, _ base: String, origin: String) async throws -> [JSONValue] {
        var accounts: [JSONValue] = []
        var after = ""
        while true {
            let page = try await client.administer(.GET, "/accounts?origin=\(origin)&after=\(after)", at: base)
            accounts += page["items"]?.array ?? []
            guard let next = page["next"]?.string else { return accounts }
            after = next
        }
    }
}
