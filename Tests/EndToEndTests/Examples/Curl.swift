import Foundation
import Synchronization
import WireJSON

/// The real `curl`, pointed at a gateway: what a person would type, with the host and the token changed.
struct Curl: Sendable {
    let base: String
    let token: String

    struct Answer: Sendable {
        var status: Int
        /// Names in lower case.
        var headers: [String: String]
        var bytes: [UInt8]

        var text: String { String(decoding: bytes, as: UTF8.self) }
        var json: JSONValue { (try? JSONValue.parse(bytes)) ?? .null }
        /// The `data:` lines of an event stream.
        var events: [String] {
            text.split(separator: "\n").filter { $0.hasPrefix("data: ") }.map { String($0.dropFirst(6)) }
        }
        /// What the gateway tells of the generation beside the documented answer.
        var facts: JSONValue? { json["jimeng"] }
    }

    /// `path`: of the gateway, or a whole address. `arguments`: of curl, as they stand in the manuals.
    /// `isAnonymous`: without the Authorization header.
    /// - Throws: ``TestProblem`` when curl itself fails.
    func callAsFunction(_ path: String, _ arguments: String..., isAnonymous: Bool = false) async throws -> Answer {
        let folder = TestFolder()
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let (head, body) = (folder.path + "/head", folder.path + "/body")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let url = path.hasPrefix("http") ? path : base + path
        let authorization = isAnonymous ? [] : ["-H", "Authorization: Bearer \(token)"]
        process.arguments =
            ["curl", "-sS", "--noproxy", "*", "--max-time", "60", "-D", head, "-o", body] + authorization + arguments
            + [url]
        process.standardOutput = FileHandle.nullDevice
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        guard status == 0 else { throw TestProblem("curl ended with \(status) for \(url)") }
        // Interim answers (100 Continue) come before the final one.
        let heads = try String(contentsOfFile: head, encoding: .utf8).replacingOccurrences(of: "\r", with: "")
            .components(separatedBy: "\n\n").filter { !$0.isEmpty }
        let lines = (heads.last ?? "").split(separator: "\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                in: .whitespaces)
        }
        // Without a body curl makes no file.
        let bytes = FileManager.default.contents(atPath: body).map { Array($0) } ?? []
        let code = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return Answer(status: code, headers: headers, bytes: bytes)
    }
}
