import Foundation
import GatewayApp
import GatewayHTTP
import Logging
import Testing

/// Which settings are read, from where, and what is said of the others.
@Suite("Sources of settings") struct SettingSourcesTests {
    private let folder = TestFolder()

    private func file(_ name: String, _ text: String) throws -> String {
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let path = folder.path + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test func `flags beat the environment, it beats the files, and a later file the earlier`() async throws {
        let files = [
            try file("a.yml", "http: {port: 1, host: 127.0.0.2, sync_wait_seconds: 7}"),
            try file("b.yml", "http:\n  port: 2\n  host: 127.0.0.3\n"),
        ]
        let all = try await AppConfiguration.read(
            flags: ["http.port": "4"], environment: ["JIMENG_HTTP_PORT": "3", "PORT": "5"], files: files)
        #expect(all.port == 4 && all.host == "127.0.0.3" && all.http.imageWaitLimit == .seconds(7))
        let environment = try await AppConfiguration.read(
            flags: [:], environment: ["JIMENG_HTTP_PORT": "3", "PORT": "5"], files: files)
        #expect(environment.port == 3)
        let platform = try await AppConfiguration.read(flags: [:], environment: ["PORT": "5"], files: files)
        #expect(platform.port == 5)
        #expect(try await AppConfiguration.read(flags: [:], environment: [:], files: files).port == 2)
    }

    @Test func `a wrong key in a section of ours keeps the program from starting, with what was meant`() async throws {
        let path = try file("a.yml", "http:\n  prot: 1\nlimits:\n  json_byte: 5\n  json_bytes: x\n")
        let problems = await #expect(throws: ConfigurationProblems.self) {
            _ = try await AppConfiguration.read(flags: [:], environment: [:], files: [path])
        }
        let text = problems?.description ?? ""
        #expect(text.contains("http.prot in \(path) is no setting; did you mean http.port?"))
        #expect(text.contains("did you mean limits.json_bytes?"))
        #expect(text.contains("limits.json_bytes must be a whole number"))
        #expect(problems?.problems.count == 3)
    }

    @Test func `what others wrote is remarked upon and no more`() async throws {
        let path = try file("a.yml", "tmpDir: ./tmp\nname: x\nroute: /\nport: 81\nrequestLog: false\n")
        let read = try await AppConfiguration.read(
            flags: [:], environment: ["JIMENG_HTPT_PORT": "3", "JIMENG_TOKEN": "t", "JIMENG_AID": "7"], files: [path])
        #expect(read.port == 81 && read.http.logsRequests == false)
        #expect(
            read.remarks == [
                "tmpDir in \(path) is no setting of this program and has no effect",
                "JIMENG_HTPT_PORT in the environment is no setting; did you mean JIMENG_HTTP_PORT?",
            ])
    }

    @Test func `the older files of the field are taken as they are`() async throws {
        let service = try file("service.yml", "name: jimeng-free-api\nroute: src/api/routes/index.ts\nport: 5101\n")
        let system = try file("system.yml", "requestLog: true\ndebug: true\nlog_level: warning\n")
        let read = try await AppConfiguration.read(flags: [:], environment: [:], files: [service, system])
        #expect(read.port == 5101 && read.http.logsRequests && read.logLevel == .warning && read.remarks.isEmpty)
    }

    @Test func `a file that is no YAML, or is not there, is told by its name`() async throws {
        let paths = [try file("a.yml", "http: [1"), folder.path + "/none.yml"]
        let problems = await #expect(throws: ConfigurationProblems.self) {
            _ = try await AppConfiguration.read(flags: [:], environment: [:], files: paths)
        }
        #expect(Set(problems?.problems ?? []) == Set(paths.map { "the file \($0) can't be read as YAML" }))
    }

    @Test(arguments: [
        ("900", true), ("600s", true), ("30m", true), ("24h", true), ("7d", true), ("9s", false), ("x", false),
    ])
    func `times carry their unit`(text: String, isFine: Bool) async throws {
        let read = try? await AppConfiguration.read(
            flags: ["generations.max_age": text], environment: [:])
        #expect((read != nil) == isFine)
    }

    @Test func `the constants of earlier gateways are accepted`() async throws {
        let path = try file(
            "a.yml",
            """
            retry: {max: 3, delay_ms: 5000}
            polling: {max_count: 900, interval_ms: 5000, stable_rounds: 5, timeout_s: 600}
            """)
        let read = try await AppConfiguration.read(flags: [:], environment: [:], files: [path])
        #expect(read.http.imageWaitLimit == .seconds(600) && read.remarks.isEmpty)
    }

    @Test func `a log file gets every line too`() throws {
        let path = try file("jimeng.log", "earlier\n")
        let null = open("/dev/null", O_WRONLY)
        defer { close(null) }
        let loggers = try LoggerFactory(level: .info, format: .text, descriptor: null, file: path)
        loggers.make("jimeng").info("listening")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.hasPrefix("earlier\n") && text.contains("listening"))
        #expect(throws: ConfigurationProblems.self) {
            try LoggerFactory(level: .info, format: .text, descriptor: null, file: folder.path + "/no/such/folder/log")
        }
    }
}
