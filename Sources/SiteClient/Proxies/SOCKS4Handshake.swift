import GatewayCore

/// SOCKS version 4, with names in the form of 4a: the proxy resolves them, so that no name is looked up here. A proxy
/// that knows nothing of 4a refuses a name.
struct SOCKS4Handshake: ProxyHandshake {
    private let target: ProxyTarget
    private let user: Secret?

    init(target: ProxyTarget, user: Secret?) {
        self.target = target
        self.user = user
    }

    func opening() -> [UInt8] {
        let login = Array((user?.reveal() ?? "").utf8) + [0]
        if let address = IPAddress(target.host)?.bytes, address.count == 4 {
            return [4, 1] + target.portBytes + address + login
        }
        // An address of 0.0.0.x says that the name follows.
        return [4, 1] + target.portBytes + [0, 0, 0, 1] + login + Array(target.host.utf8) + [0]
    }

    mutating func advance(_ received: inout [UInt8]) throws(ProxyRefusal) -> ProxyStep {
        guard received.count >= 2 else { return .wait }
        guard received[0] == 0 else { throw .notUnderstood }
        switch received[1] {
        case 90: break
        case 91: throw .target
        case 92, 93: throw .login
        default: throw .notUnderstood
        }
        guard received.count >= 8 else { return .wait }
        received.removeFirst(8)
        return .established
    }
}
