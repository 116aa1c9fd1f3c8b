import Foundation
import GRDB
import GatewayApp
import Logging
import NIOHTTP1
import Testing
import WireJSON

/// Accounts of the pool, from adding one to a picture made with nothing but a gateway key.
@Suite(.timeLimit(.minutes(10))) struct PoolAccountTests {
    private static func secret(_ gateway: TestGateway) async throws -> String {
        let file = URL(fileURLWithPath: gateway.folder + "/control.json")
        // The file follows the port; both follow the start.
        while !FileManager.default.fileExists(atPath: file.path) { try await Task.sleep(for: .milliseconds(5)) }
        return try #require(try JSONValue.parse(Array(try Data(contentsOf: file)))["secret"]?.string)
    }

    @Test func `a key makes pictures with an account of the pool, and nobody is shown the session`() async throws {
        let gateway = try TestGateway()
        try await gateway.run { api in
            let admin = try await Self.secret(gateway)
            let added = try await api.post(
                "/dashboard/accounts", token: admin,
                ["token": "sandbox-abcdefghijklmnop", "label": "studio", "tags": ["team"]])
            #expect(added.status == 201)
            #expect(added.json["session"]?.string == "****mnop")
            #expect(added.json["label"]?.string == "studio")
            let id = try #require(added.json["id"]?.string)
            let again = try await api.post(
                "/dashboard/accounts", token: admin, ["token": "sandbox-abcdefghijklmnop"])
            #expect(again.status == 409)
            #expect(again.json["error"]?["code"]?.string == "account_exists")

            func key(_ rules: JSONValue) async throws -> String {
                try #require(
                    try await api.post("/dashboard/keys", token: admin, rules).json["key"]?.string)
            }
            let team = try await key(["name": "team", "account_tags": ["team"]])
            let other = try await key(["name": "other", "account_tags": ["elsewhere"]])
            let frugal = try await key(["name": "frugal", "credits_per_day": 0])
            let picture = try await api.post("/v1/images/generations", token: team, ["prompt": "a fox", "n": 1])
            #expect(picture.status == 200)
            let refused = try await api.post("/v1/images/generations", token: other, ["prompt": "a fox", "n": 1])
            #expect(refused.json["error"]?["code"]?.string == "no_available_account")
            let used = try await api.post("/v1/images/generations", token: frugal, ["prompt": "a fox", "n": 1])
            #expect(used.status == 429)
            #expect(used.json["error"]?["code"]?.string == "insufficient_quota")
            #expect(used.headers.first(name: "retry-after").flatMap { Int($0) } ?? 0 > 0)

            let checked = try await api.post("/dashboard/accounts/\(id)/test", token: admin, .object([:]))
            #expect(checked.json["live"]?.bool == true)
            #expect(checked.json["credits"]?["total"]?.int ?? -1 >= 0)
            let list = try await api.get("/dashboard/accounts", token: admin)
            #expect(list.json["items"]?.array?.count == 1)
            #expect(!list.json.serializedString().contains("abcdefghijkl"))
            #expect(try await api.get("/dashboard/accounts", token: team).status == 403)
            #expect(try await api.get("/dashboard/accounts", token: "sandbox-demo").status == 403)
        }
        #expect(!gateway.logs.text.contains("abcdefghijkl"))
    }

    @Test func `the command line adds, imports, lists and removes accounts of a folder that no gateway runs on`()
        async throws
    {
        let program = try Program()
        let folder = NSTemporaryDirectory() + "jimeng-accounts-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }  // A leftover does no harm.
        func run(_ arguments: String...) async throws -> (status: Int32, text: String) {
            try await program.run(["accounts"] + arguments + ["--data-dir", folder])
        }
        let added = try await run("add", "us-0123456789abcdefghij", "--label", "one", "--tags", "a,b", "--json")
        #expect(added.status == 0)
        let id = try #require(try JSONValue.parse(added.text)["id"]?.string)
        let tokens = folder + "/tokens.txt"
        try "# mine\nsandbox-two\n\nnot a token\n".write(toFile: tokens, atomically: true, encoding: .utf8)
        let imported = try await run("import", tokens)
        #expect(imported.status != 0)
        #expect(imported.text.contains("is added"))
        let list = try await run("list")
        #expect(list.text.contains(id) && list.text.contains("****ghij") && list.text.contains("a,b"))
        #expect(!list.text.contains("0123456789abcdef"))
        let disabled = try await run("disable", id)
        #expect(disabled.text.contains("disabled"))
        let database = try DatabaseQueue(path: folder + "/jimeng.db")
        try await database.write { db in
            try db.execute(sql: "UPDATE account SET sealed_credential = x'00' WHERE id = ?", arguments: [id])
        }
        try database.close()
        let unreadable = try await run("list")
        #expect(unreadable.text.split(separator: "\n").contains { $0.contains(id) && $0.contains("unreadable") })
        #expect(unreadable.text.contains("healthy"))
        #expect(try await run("enable", id).status != 0)
        #expect(try await run("remove", id).status == 0)
        let rest = try await run("list")
        #expect(!rest.text.contains(id))
    }

    @Test func `a data folder is not opened with another key, and stays as it is`() async throws {
        let gateway = try TestGateway(flags: ["secret.key": "correct horse battery staple"])
        try await gateway.run { _ in }
        #expect(!FileManager.default.fileExists(atPath: gateway.folder + "/jimeng.key"))
        for flags in [["secret.key": "another horse battery staple"], [:]] {
            let configuration = try await AppConfiguration.read(
                flags: flags.merging(["data.dir": gateway.folder]) { _, new in new }, environment: [:])
            let loggers = LoggerFactory(level: .error, format: .json, output: gateway.logs.output)
            let error = #expect(throws: (any Error).self) { try Gateway(configuration, loggers: loggers) }
            #expect("\(error.map { "\($0)" } ?? "")".contains("sealed with another key"))
            #expect(!FileManager.default.fileExists(atPath: gateway.folder + "/jimeng.key"))
        }
        try await TestGateway(folder: gateway.folder, flags: ["secret.key": "correct horse battery staple"]).run {
            api in
            let answer = try await api.get("/ping")
            #expect(answer.status == 200)
        }
    }

    @Test(arguments: [true, false])
    func
        `a wrong key leaves a database of an earlier version as it is, whether it has a check value or only an account`(
            hasCheck: Bool
        ) async throws
    {
        let flags = ["secret.key": "correct horse battery staple"]
        let gateway = try TestGateway(flags: flags)
        try await gateway.run { api in
            let added = try await api.post(
                "/dashboard/accounts", token: try await Self.secret(gateway), ["token": "sandbox-abcdefghijklmnop"])
            #expect(added.status == 201)
        }
        let path = gateway.folder + "/jimeng.db"
        let queue = try DatabaseQueue(path: path)
        try await queue.writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    DROP INDEX usage_by_owner; ALTER TABLE usage DROP COLUMN reservation;
                    CREATE INDEX usage_by_owner ON usage (owner, created_at, stage, quoted, charged, refunded);
                    DELETE FROM grdb_migrations WHERE identifier = 'reservations';
                    """)
            if !hasCheck { try db.execute(sql: "DROP TABLE setting") }
            try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        try queue.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        for flags in [["secret.key": "another horse battery staple"], [:]] {
            let configuration = try await AppConfiguration.read(
                flags: flags.merging(["data.dir": gateway.folder]) { _, new in new }, environment: [:])
            let loggers = LoggerFactory(level: .error, format: .json, output: gateway.logs.output)
            let error = #expect(throws: (any Error).self) { try Gateway(configuration, loggers: loggers) }
            #expect("\(error.map { "\($0)" } ?? "")".contains("sealed with another key"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
            let journal = try? FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
            #expect((journal ?? 0) == 0)
        }
        guard hasCheck else { return }
        try await TestGateway(folder: gateway.folder, flags: flags).run { api in
            let answer = try await api.get("/ping")
            #expect(answer.status == 200)
        }
    }
}
