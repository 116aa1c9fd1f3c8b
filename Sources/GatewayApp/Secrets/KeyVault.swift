import Crypto
import Foundation
package import GatewayCore

/// The installation's key, kept in a file of the data folder that only its owner can read, and what is done with it:
/// AES-256-GCM for credentials at rest, HMAC-SHA256 for labels and links. The two uses have separate derived keys.
package struct KeyVault: SecretVault {
    private let sealing: SymmetricKey
    private let hashing: SymmetricKey

    package enum Problem: Error, CustomStringConvertible {
        case unusable(path: String, why: String)
        case altered
        /// What the database holds was sealed with another key. Nothing was changed.
        case wrongKey(why: String)

        package var description: String {
            switch self {
            case .unusable(let path, let why): "the key file \(path) can't be used: \(why)"
            case .wrongKey(let why):
                "\(why), but the database was sealed with another key. Start with the key that belongs to it "
                    + "(jimeng.key of its folder, or JIMENG_SECRET_KEY). Nothing was changed"
            case .altered: "sealed data was altered or belongs to another key"
            }
        }
    }

    /// - Parameter master: 32 bytes of key material.
    package init(master: [UInt8]) {
        let key = SymmetricKey(data: master)
        sealing = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, info: Data("jimeng credentials".utf8), outputByteCount: 32)
        hashing = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, info: Data("jimeng labels".utf8), outputByteCount: 32)
    }

    /// Reads the key file, or makes one with mode 0600.
    /// - Throws: ``Problem/unusable(path:why:)``.
    package init(file path: String) throws {
        if let existing = FileManager.default.contents(atPath: path) {
            guard existing.count == 32 else { throw Problem.unusable(path: path, why: "it is not 32 bytes long") }
            self.init(master: Array(existing))
            return
        }
        var generator = SystemRandomNumberGenerator()
        let master = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        // Written whole under another name first, so that a crash leaves either no key or a good one.
        let temporary = path + ".new"
        let descriptor = Foundation.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Problem.unusable(path: path, why: "it can't be written (errno \(errno))") }
        let written = master.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        let isSafe = written == 32 && fsync(descriptor) == 0
        close(descriptor)
        guard isSafe, rename(temporary, path) == 0 else {
            unlink(temporary)
            throw Problem.unusable(path: path, why: "it can't be written")
        }
        self.init(master: master)
    }

    package func seal(_ secret: Secret) throws -> [UInt8] {
        let box = try AES.GCM.seal(Data(secret.reveal().utf8), using: sealing)
        guard let combined = box.combined else { throw Problem.altered }
        return Array(combined)
    }

    package func open(_ sealed: [UInt8]) throws -> Secret {
        do {
            let plain = try AES.GCM.open(AES.GCM.SealedBox(combined: Data(sealed)), using: sealing)
            return Secret(String(decoding: plain, as: UTF8.self))
        } catch {
            throw Problem.altered
        }
    }

    package func fingerprint(_ parts: [String]) -> String {
        var hash = HMAC<SHA256>(key: hashing)
        for part in parts {
            withUnsafeBytes(of: UInt64(part.utf8.count).littleEndian) { hash.update(data: $0) }
            hash.update(data: Data(part.utf8))
        }
        return Self.hexadecimal(hash.finalize())
    }

    package func authenticate(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Data(bytes), using: SymmetricKey(data: key)))
    }

    package func digest(_ bytes: [UInt8]) -> String {
        Self.hexadecimal(SHA256.hash(data: bytes))
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
