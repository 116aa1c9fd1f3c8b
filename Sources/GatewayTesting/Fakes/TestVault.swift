package import GatewayCore
import Synchronization

/// A vault without secrecy: sealed bytes can be read by anybody. For tests only; it keeps the laws that callers rely on
/// (two seals differ, altered bytes are refused, equal parts give equal text).
package final class TestVault: SecretVault {
    package enum Failure: Error {
        case notSealedHere
    }

    private let calls = Mutex<UInt64>(0)

    package init() {}

    package func seal(_ secret: Secret) throws -> [UInt8] {
        let nonce = calls.withLock { calls in
            calls += 1
            return calls
        }
        let text = Array(secret.reveal().utf8)
        let body = bytes(of: nonce) + text.map { $0 ^ 0x5A }
        return bytes(of: hash(body, seed: 1)) + body
    }

    package func open(_ sealed: [UInt8]) throws -> Secret {
        let body = Array(sealed.dropFirst(8))
        guard body.count >= 8, bytes(of: hash(body, seed: 1)) == Array(sealed.prefix(8)) else {
            throw Failure.notSealedHere
        }
        return Secret(String(decoding: body.dropFirst(8).map { $0 ^ 0x5A }, as: UTF8.self))
    }

    package func fingerprint(_ parts: [String]) -> String {
        digest(parts.flatMap { bytes(of: UInt64($0.utf8.count)) + Array($0.utf8) })
    }

    /// 32 bytes that depend on every byte of text and key. Not HMAC.
    package func authenticate(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        (1...4).flatMap { self.bytes(of: hash(key + [0] + bytes, seed: UInt64($0))) }
    }

    /// 64 hexadecimal digits that depend on every byte. Not SHA-256.
    package func digest(_ bytes: [UInt8]) -> String {
        (1...4).map { seed in
            let digits = String(hash(bytes, seed: UInt64(seed)), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    private func bytes(of number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    private func hash(_ bytes: [UInt8], seed: UInt64) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325 &* seed) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
