import ArgumentParser
import NIOHTTP1
import WireJSON

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make and manage the gateway's own keys.",
        discussion: """
            Works with the gateway that runs on the data folder, or with the folder itself when none does.

              jimeng keys create team --kinds image --rpm 30 --jobs 4
              jimeng keys list

            \(ExitStatus.help)
            """,
        subcommands: [Create.self, List.self, Show.self, Edit.self, Rotate.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key. It is printed once and kept only as a hash.")

        @Argument(help: "What people call it.")
        var name: String

        @OptionGroup var rules: KeyRuleOptions
        @OptionGroup var admin: AdminOptions

        func run() async throws {
            var fields = rules.fields
            fields["name"] = .string(name)
            let (body, json) = (JSONValue.object(fields), admin.json)
            try await admin.run { client, base in
                KeysCommand.showIssued(
                    try await client.administer(.POST, "/keys", at: base, body), json: json)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the keys.")

        @OptionGroup var admin: AdminOptions

        func run() async throws {
            let json = admin.json
            try await admin.run { client, base in
                var keys: [JSONValue] = []
                var page = 1
                while true {
                    let answer = try await client.administer(.GET, "/keys?limit=200&page=\(page)", at: base)
                    let items = answer["items"]?.array ?? []
                    keys += items
                    if items.isEmpty || page >= answer["totalPages"]?.int ?? 0 { break }
                    page += 1
                }
                if json {
                    for key in keys { Terminal.say(key.serializedString()) }
                } else if keys.isEmpty {
                    Terminal.say("There are no keys. Make one with: jimeng keys create NAME")
                } else {
                    Terminal.say(KeyReport.table(keys))
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show everything about a key but the key itself.")

        @Argument(help: "Its id, key_...") var id: String
        @OptionGroup var admin: AdminOptions

        func run() async throws {
            let (path, json) = (try KeysCommand.path(id), admin.json)
            try await admin.run { client, base in
                KeysCommand.show(try await client.administer(.GET, path, at: base), json: json)
            }
        }
    }

    struct Edit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change a key; what is not named stays.")

        @Argument(help: "Its id, key_...") var id: String

        @Option(name: .long, help: "What people call it.") var name: String?

        @Flag(inversion: .prefixedEnableDisable, help: "Whether it counts.")
        var key: Bool?

        @OptionGroup var rules: KeyRuleOptions
        @OptionGroup var admin: AdminOptions

        func run() async throws {
            var fields = rules.fields
            if let name { fields["name"] = .string(name) }
            if let key { fields["enabled"] = .bool(key) }
            let (path, body, json) = (try KeysCommand.path(id), JSONValue.object(fields), admin.json)
            try await admin.run { client, base in
                KeysCommand.show(try await client.administer(.PATCH, path, at: base, body), json: json)
            }
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give a key a new secret.")

        @Argument(help: "Its id, key_...") var id: String

        @Option(name: .long, help: "Seconds for which the old secret counts on, up to 30 days.")
        var overlapSeconds = 0

        @OptionGroup var admin: AdminOptions

        func run() async throws {
            let (path, json) = (try KeysCommand.path(id) + "/rotate", admin.json)
            let body: JSONValue = ["overlap_seconds": .integer(Int64(overlapSeconds))]
            try await admin.run { client, base in
                KeysCommand.showIssued(try await client.administer(.POST, path, at: base, body), json: json)
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a key back for ever. What it made stays.")

        @Argument(help: "Its id, key_...") var id: String
        @OptionGroup var admin: AdminOptions

        func run() async throws {
            let (path, json, id) = (try KeysCommand.path(id), admin.json, id)
            try await admin.run { client, base in
                let answer = try await client.administer(.DELETE, path, at: base)
                Terminal.say(json ? answer.serializedString() : "\(id) is revoked.")
            }
        }
    }

    // MARK: Parts

    /// - Throws: a usage error for a text that can't be an id, and so must not become part of a URL.
    static func path(_ id: String) throws -> String {
        guard id.hasPrefix("key_"), id.utf8.count <= 64,
            id.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 95 })
        else { throw ValidationError("\(id) is no key's id; see jimeng keys list.") }
        return "/keys/" + id
    }

    static func show(_ key: JSONValue, json: Bool) {
        guard !json else { return Terminal.say(key.serializedString()) }
        for line in KeyReport.lines(key) { Terminal.say(line) }
    }

    /// The secret on standard output alone, so that it can be piped; the rest beside it.
    static func showIssued(_ key: JSONValue, json: Bool) {
        guard !json else { return Terminal.say(key.serializedString()) }
        Terminal.complain("\(key["name"]?.string ?? "") (\(key["id"]?.string ?? "")). Keep it: it is not shown again.")
        Terminal.say(key["key"]?.string ?? "")
    }
}
