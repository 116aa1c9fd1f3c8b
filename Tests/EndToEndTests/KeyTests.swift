import Foundation
import NIOHTTP1
import Testing
import WireJSON

@Suite(.timeLimit(.minutes(10))) struct KeyTests {
    private static func control(_ gateway: TestGateway) throws -> JSONValue {
        try JSONValue.parse(Array(try Data(contentsOf: URL(fileURLWithPath: gateway.folder + "/control.json"))))
    }

    @Test func `a key made through the control file makes pictures, also after a restart, and is stored as a hash`()
        async throws
    {
        let gateway = try TestGateway()
        let key = try await gateway.run { api in
            let file = gateway.folder + "/control.json"
            // The file follows the port; both follow the start.
            while !FileManager.default.fileExists(atPath: file) { try await Task.sleep(for: .milliseconds(5)) }
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600)
            let control = try Self.control(gateway)
            #expect(control["address"]?.string == api.base)
            let made = try await api.post(
                "/dashboard/keys", token: control["secret"]?.string, ["name": "team", "jobs_at_once": 4])
            #expect(made.status == 201)
            return try #require(made.json["key"]?.string)
        }
        #expect(!FileManager.default.fileExists(atPath: gateway.folder + "/control.json"))
        try await TestGateway(folder: gateway.folder).run { api in
            let token = "\(key),sandbox-demo"
            let answer = try await api.post("/v1/images/generations", token: token, ["prompt": "a fox", "n": 1])
            #expect(answer.status == 200)
            let id = try #require(answer.headers.first(name: "x-generation-id"))
            #expect(try await api.get("/v1/generations/\(id)", token: key).status == 200)
            #expect(try await api.get("/v1/generations/\(id)", token: "sandbox-demo").status == 404)
        }
        for name in ["jimeng.db", "jimeng.db-wal"] {
            guard let bytes = FileManager.default.contents(atPath: gateway.folder + "/" + name) else { continue }
            #expect(bytes.range(of: Data(key.utf8)) == nil)
        }
        #expect(!gateway.logs.text.contains(key))
    }

    @Test func `the command line makes, lists and revokes keys of a folder that no gateway runs on`() async throws {
        let program = try Program()
        let folder = NSTemporaryDirectory() + "jimeng-keys-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }  // A leftover does no harm.
        func run(_ arguments: String...) async throws -> (status: Int32, text: String) {
            try await program.run(["keys"] + arguments + ["--data-dir", folder])
        }
        let made = try await run("create", "team", "--kinds", "image", "--rpm", "30", "--json")
        #expect(made.status == 0)
        let key = try JSONValue.parse(made.text)
        let id = try #require(key["id"]?.string)
        let secret = try #require(key["key"]?.string)
        let list = try await run("list")
        #expect(list.text.contains(id))
        #expect(list.text.contains("day 0, month 0  image; 30/min"))
        #expect(!list.text.contains(secret))
        let limited = try await run("edit", id, "--credits-per-day", "50")
        #expect(limited.text.contains("credits this day") && limited.text.contains("0 used, 0 reserved, 50 of 50 left"))
        #expect(limited.text.contains("0 used, 0 reserved\n"))
        let edited = try await run("edit", id, "--disable-key")
        #expect(edited.text.contains("disabled"))
        #expect(try await run("revoke", id).status == 0)
        #expect(try await run("show", id).status == 64)
        #expect(try await run("create", "team", "--kinds", "music").status == 64)
    }
}
