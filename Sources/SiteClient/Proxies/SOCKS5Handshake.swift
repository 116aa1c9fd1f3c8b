import GatewayCore

/// SOCKS version 5 (RFC 1928) with user and password (RFC 1929). Names go to the proxy as they are.
struct SOCKS5Handshake: ProxyHandshake {
    private enum Stage {
        case method, login, reply
    }

    private let target: ProxyTarget
    private let user: Secret?
    private let password: Secret?
    private var stage = Stage.method

    init(target: ProxyTarget, user: Secret?, password: Secret?) {
        self.target = target
        self.user = user
        self.password = password
    }

    /// No login, and the login when there is one.
    func opening() -> [UInt8] { user == nil ? [5, 1, 0] : [5, 2, 0, 2] }

    mutating func advance(_ received: inout [UInt8]) throws(ProxyRefusal) -> ProxyStep {
        switch stage {
        case .method:
            guard received.count >= 2 else { return .wait }
            let (version, method) = (received[0], received[1])
            guard version == 5 else { throw .notUnderstood }
            received.removeFirst(2)
            switch method {
            case 0:
                stage = .reply
                return .say(request)
            case 2:
                guard let user else { throw .notUnderstood }
                stage = .login
                return .say([1] + Self.counted(user.reveal()) + Self.counted(password?.reveal() ?? ""))
            case 0xFF: throw .login
            default: throw .notUnderstood
            }
        case .login:
            guard received.count >= 2 else { return .wait }
            guard received[1] == 0 else { throw .login }
            received.removeFirst(2)
            stage = .reply
            return .say(request)
        case .reply:
            return try readReply(&received)
        }
    }

    private var request: [UInt8] {
        let address: [UInt8] =
            switch IPAddress(target.host)?.bytes {
            case .some(let bytes) where bytes.count == 4: [1] + bytes
            case .some(let bytes): [4] + bytes
            case nil: [3] + Self.counted(target.host)
            }
        return [5, 1, 0] + address + target.portBytes
    }

    /// Version, code, 0, and the address the proxy used, which nobody needs.
    private func readReply(_ received: inout [UInt8]) throws(ProxyRefusal) -> ProxyStep {
        guard received.count >= 2 else { return .wait }
        guard received[0] == 5 else { throw .notUnderstood }
        guard received[1] == 0 else { throw .target }
        guard received.count >= 5 else { return .wait }
        let length: Int
        switch received[3] {
        case 1: length = 4
        case 3: length = 1 + Int(received[4])
        case 4: length = 16
        default: throw .notUnderstood
        }
        guard received.count >= 4 + length + 2 else { return .wait }
        received.removeFirst(4 + length + 2)
        return .established
    }

    private static func counted(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8.prefix(255))
        return [UInt8(bytes.count)] + bytes
    }
}
