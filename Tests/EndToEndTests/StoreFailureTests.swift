import Foundation
import NIOHTTP1
import SiteSandbox
import Testing
import WireJSON

/// The real process on a disk that lets it down.
@Suite(.timeLimit(.minutes(10))) struct StoreFailureTests {
    private static let token = "demo"

    /// A way in which a disk takes no more.
    enum Trouble: String, Sendable, CaseIterable, CustomTestStringConvertible {
        /// A file system without a free byte.
        case fullDisk
        /// Files that may not grow: every write fails.
        case failingDisk

        var testDescription: String { rawValue }

        func begin(_ serving: Program.Serving, _ folder: String) throws {
            switch self {
            case .failingDisk: try Self.limitFiles(of: serving, to: "0")
            case .fullDisk: Self.fill("/proc/\(serving.identifier)/root\(folder)/filler")
            }
        }

        func end(_ serving: Program.Serving, _ folder: String) throws {
            switch self {
            case .failingDisk: try Self.limitFiles(of: serving, to: "unlimited")
            case .fullDisk:
                try FileManager.default.removeItem(atPath: "/proc/\(serving.identifier)/root\(folder)/filler")
            }
        }

        /// `bytes`: how large a file may become, a number or "unlimited".
        private static func limitFiles(of serving: Program.Serving, to bytes: String) throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/prlimit")
            process.arguments = ["--pid", "\(serving.identifier)", "--fsize=\(bytes):"]
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw TestProblem("the limit can't be set") }
        }

        /// Writes until nothing fits any more.
        private static func fill(_ path: String) {
            let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            defer { close(file) }
            let block = [UInt8](repeating: 1, count: 4096)
            while write(file, block, block.count) > 0 {}
        }
    }

    private static func start(_ api: APIClient, _ prompt: String) async throws -> APIClient.Answer {
        try await api.post(
            "/v1/images/generations", token: token, ["prompt": .string(prompt), "n": 1, "async": true])
    }

    @Test(arguments: Trouble.allCases)
    func `a disk that takes no more refuses work with a clear error, loses nothing, and is well again by itself`(
        trouble: Trouble
    ) async throws {
        if trouble == .fullDisk, !MountNamespace.isAllowed {
            print("skipped: this machine lets no process have a small file system of its own")
            return
        }
        try await withSandbox(speed: 1, runSeconds: 1) { site, base in
            let (program, outside) = (try Program(), TestFolder())
            try FileManager.default.createDirectory(atPath: outside.path, withIntermediateDirectories: true)
            let preparation =
                trouble == .fullDisk ? "mount -t tmpfs -o size=24m,mode=0700 none \(outside.path)" : nil
            let folder = outside.path + "/data"
            let first = try program.serve(folder: folder, upstream: base, preparation: preparation)
            let api = try await first.client()
            let running = try #require(try await Self.start(api, "a fox").json["id"]?.string)
            while site.statistics().sessions.values.first?.jobs != 1 { try await Task.sleep(for: .milliseconds(10)) }

            try trouble.begin(first, outside.path)
            let refused = try await Self.start(api, "a wolf")
            #expect(refused.status == 503)
            #expect(refused.json["error"]?["code"]?.string == "storage_unavailable")
            #expect(refused.headers.first(name: "retry-after") == "10")
            for path in ["/health", "/ready"] {
                let answer = try await api.get(path)
                #expect(answer.status == 503)
                #expect(answer.json["not_ready"]?[0]?["name"]?.string == "database")
                if trouble == .fullDisk {
                    #expect(answer.json["not_ready"]?[0]?["reason"]?.string == "the disk is full")
                }
            }

            try trouble.end(first, outside.path)
            while try await api.get("/ready").status != 200 { try await Task.sleep(for: .milliseconds(50)) }
            #expect(try await api.get("/health").status == 200)
            #expect(try await api.end(of: running, token: Self.token)["status"]?.string == "succeeded")
            let later = try #require(try await Self.start(api, "a lynx").json["id"]?.string)
            #expect(try await api.end(of: later, token: Self.token)["status"]?.string == "succeeded")
            #expect(site.statistics().sessions.values.first?.submits == 2)
            let list = try await api.get("/v1/generations", token: Self.token).json
            #expect(list["data"]?.array?.count == 2)
            await api.shutdown()
            await first.kill()
            guard trouble == .failingDisk else { return }

            // The file is whole: the next start reads everything.
            let second = try program.serve(folder: folder, upstream: base)
            let again = try await second.client()
            #expect(try await again.get("/v1/generations", token: Self.token).json["data"]?.array?.count == 2)
            await again.shutdown()
            await second.kill()
        }
    }

    @Test func `a data folder that can't be written to ends the start with one sentence`() async throws {
        let (program, outside) = (try Program(), TestFolder())
        let first = try program.serve(folder: outside.path, upstream: nil)
        _ = try await first.port()
        first.signal(SIGTERM)
        #expect(await first.status() == 0)
        var preparation: String?
        if geteuid() == 0 {
            guard MountNamespace.isAllowed else {
                print("skipped: root may write everywhere, and this machine lets no process have its own mounts")
                return
            }
            preparation = "mount --bind \(outside.path) \(outside.path) && mount -o remount,ro,bind \(outside.path)"
        } else {
            for name in ["", "/jimeng.db", "/jimeng.db.lock"] {
                chmod(outside.path + name, name.isEmpty ? 0o500 : 0o400)
            }
        }
        defer { chmod(outside.path, 0o700) }
        let second = try program.serve(folder: outside.path, upstream: nil, preparation: preparation)
        #expect(await second.status() == 1)
        let sentence = geteuid() == 0 ? "the data folder is read-only" : "this user may not write to the data folder"
        #expect(second.output.contains("jimeng could not run: \(sentence)"), "\(second.output)")
        #expect(second.output.split(separator: "\n").count == 1)
    }
}
