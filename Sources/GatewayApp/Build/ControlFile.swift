import Foundation
import GatewayCore
import WireJSON

/// `control.json` in the data folder: where the gateway that runs on it listens, and the secret by which the command line
/// of this machine may administer it. The secret is good for one run; only the folder's owner can read it.
struct ControlFile: Sendable {
    struct Contents: Sendable {
        var address: String
        var secret: Secret
    }

    let path: String

    init(folder: String) {
        path = folder + "/control.json"
    }

    static func newSecret() -> Secret {
        var generator = SystemRandomNumberGenerator()
        return Secret((0..<4).map { _ in String(generator.next(), radix: 16) }.joined(separator: "-"))
    }

    /// Replaces what is there, as a whole.
    /// - Throws: `CocoaError` when the folder can't be written.
    func write(_ contents: Contents) throws {
        let text = JSONValue.object([
            "address": .string(contents.address), "secret": .string(contents.secret.reveal()),
        ]).serialized()
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
        let written = text.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        guard written == text.count, rename(temporary, path) == 0 else {
            unlink(temporary)
            throw CocoaError(.fileWriteUnknown)
        }
    }

    /// Nil when there is none that can be read.
    func read() -> Contents? {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 4096,
            let value = try? JSONValue.parse(Array(data)), let address = value["address"]?.string,
            let secret = value["secret"]?.string, !secret.isEmpty
        else { return nil }
        return Contents(address: address, secret: Secret(secret))
    }

    func remove() {
        unlink(path)
    }
}
