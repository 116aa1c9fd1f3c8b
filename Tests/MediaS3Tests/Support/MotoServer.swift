import AsyncHTTPClient
import Foundation
import GatewayCore
import MediaS3
import NIOCore
import NIOHTTP1
import Synchronization

/// A real S3 server, written by others: moto, from the Python environment that `script/setup --tests` makes. It checks
/// signatures. Its process ends when this one does, however that ends: it reads its standard input to the end.
final class MotoServer: Sendable {
    static let python =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(".venv/bin/python").path

    /// A file that the script makes once all is installed.
    static let isInstalled = FileManager.default.fileExists(
        atPath: URL(fileURLWithPath: python).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("ready").path)

    static let missing = "no moto in \(python): script/setup --tests installs it, with python3 and a way to PyPI"

    /// One for all tests of the process.
    static let shared = Task { try await MotoServer() }

    let port: Int
    let keys: S3Keys
    private let input: Pipe

    private static let program = """
        import os, sys, threading
        def watch():
            sys.stdin.buffer.read()
            os._exit(0)
        threading.Thread(target=watch, daemon=True).start()
        from moto.server import main
        main(["-H", "127.0.0.1", "-p", "0"])
        """

    private struct Problem: Error { var text: String }

    private init() async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.python)
        process.arguments = ["-c", Self.program]
        // The first calls make the account, its key and the bucket; from then on signatures and rights are checked.
        process.environment = ["INITIAL_NO_AUTH_ACTION_COUNT": "4", "PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = output
        try process.run()
        self.input = input
        let (lines, feed) = AsyncStream.makeStream(of: String.self)
        let handle = output.fileHandleForReading
        Thread.detachNewThread {
            // To the end, so that the server never waits for somebody to read.
            while case let chunk = handle.availableData, !chunk.isEmpty {
                feed.yield(String(decoding: chunk, as: UTF8.self))
            }
            feed.finish()
        }
        var text = ""
        var found: Int?
        for await piece in lines {
            text += piece
            guard let mark = text.firstRange(of: "Running on http://127.0.0.1:") else { continue }
            let digits = text[mark.upperBound...].prefix { $0.isNumber }
            guard digits.endIndex < text.endIndex else { continue }
            found = Int(digits)
            break
        }
        guard let port = found else { throw Problem(text: text) }
        self.port = port
        keys = try await Self.account(port)
    }

    private static func account(_ port: Int) async throws -> S3Keys {
        let version = "&Version=2010-05-08&UserName=jimeng"
        let rights =
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}"
        let encoded = rights.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        _ = try await ask(port, "/", "iam", "Action=CreateUser" + version)
        _ = try await ask(
            port, "/", "iam", "Action=PutUserPolicy&PolicyName=all&PolicyDocument=\(encoded)" + version)
        let made = try await ask(port, "/", "iam", "Action=CreateAccessKey" + version)
        _ = try await ask(port, "/media", "s3", nil)
        func text(_ name: String) throws -> String {
            guard let start = made.firstRange(of: "<\(name)>"),
                let end = made[start.upperBound...].firstRange(of: "</\(name)>")
            else { throw Problem(text: made) }
            return String(made[start.upperBound..<end.lowerBound])
        }
        return S3Keys(
            accessKeyID: try text("AccessKeyId"), secretAccessKey: Secret(try text("SecretAccessKey")))
    }

    private static func ask(_ port: Int, _ path: String, _ service: String, _ form: String?) async throws -> String {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = form == nil ? .PUT : .POST
        request.headers.add(
            name: "authorization",
            value: "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/\(service)/aws4_request, SignedHeaders=host, "
                + "Signature=x")
        if let form {
            request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: form))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let body = String(buffer: try await response.body.collect(upTo: 1 << 20))
        guard response.status.code == 200 else { throw Problem(text: body) }
        return body
    }
}
