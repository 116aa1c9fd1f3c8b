import Foundation
import GatewayCore

/// The conversation with a proxy before it becomes a tunnel: bytes in, the next move out. No I/O and no clock; whoever
/// drives it bounds time and bytes.
protocol ProxyHandshake: Sendable {
    /// What is said first.
    func opening() -> [UInt8]

    /// Reads what has come and was not used yet, and drops what it used from `received`. Called again after
    /// `.say`, because more may be there already.
    mutating func advance(_ received: inout [UInt8]) throws(ProxyRefusal) -> ProxyStep
}

enum ProxyStep: Hashable, Sendable {
    /// Nothing to do before more bytes have come.
    case wait
    case say([UInt8])
    /// The tunnel stands; what is left of the bytes came through it.
    case established
}

/// The proxy said no, or something that is not its protocol. Names no host and no login.
enum ProxyRefusal: Error, Hashable, Sendable {
    /// It does not take the login, or wants one and there is none.
    case login
    /// It takes the login and does not lead to the target.
    case target
    /// It speaks something else.
    case notUnderstood
    /// The connection broke, or time ran out.
    case unreachable
}

/// CONNECT, as an HTTP proxy takes it.
struct ConnectHandshake: ProxyHandshake {
    private let request: [UInt8]
    private static let headLimit = 8_192

    init(target: ProxyTarget, user: Secret?, password: Secret?) {
        var text = "CONNECT \(target.authority) HTTP/1.1\r\nHost: \(target.authority)\r\n"
        if let user {
            let login = Data("\(user.reveal()):\(password?.reveal() ?? "")".utf8).base64EncodedString()
            text += "Proxy-Authorization: Basic \(login)\r\n"
        }
        request = Array((text + "\r\n").utf8)
    }

    func opening() -> [UInt8] { request }

    mutating func advance(_ received: inout [UInt8]) throws(ProxyRefusal) -> ProxyStep {
        guard let end = received.firstRange(of: Array("\r\n\r\n".utf8)) else {
            guard received.count <= Self.headLimit else { throw .notUnderstood }
            return .wait
        }
        let line = String(decoding: received.prefix { $0 != 0x0D }, as: UTF8.self).split(separator: " ")
        guard end.upperBound <= Self.headLimit, line.count >= 2, line[0].hasPrefix("HTTP/1."),
            let status = Int(line[1])
        else { throw .notUnderstood }
        switch status {
        case 200..<300:
            received.removeFirst(end.upperBound)
            return .established
        case 407: throw .login
        default: throw .target
        }
    }
}
