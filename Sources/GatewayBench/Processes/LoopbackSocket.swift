import Glibc

/// Plain blocking sockets, for the two things that must not wait for anything else: finding a free port and seeing a
/// server's first answer.
enum LoopbackSocket {
    /// A port on 127.0.0.1 that nobody listened on a moment ago.
    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw BenchProblem("no socket") }
        defer { close(descriptor) }
        var address = address(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) | getsockname(descriptor, pointer, &length)
            }
        }
        guard status == 0 else { throw BenchProblem("no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// Asks for `path` every 200 µs until a server answers, and gives the instant of the answer (``MonotonicClock``).
    ///
    /// Blocks its thread, for at most `limit`; throws when it is over.
    static func firstAnswer(port: Int, path: String, limit: Duration) throws -> Int64 {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            if answers(port: port, path: path) { return MonotonicClock.nanoseconds() }
            usleep(200)
        }
        throw BenchProblem("nobody answered on port \(port) within \(limit)")
    }

    private static func answers(port: Int, path: String) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = address(port: port)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { return false }
        var request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        let written = request.withUTF8 { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        var answer = [UInt8](repeating: 0, count: 64)
        return written > 0 && recv(descriptor, &answer, answer.count, 0) > 0
    }

    private static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(clamping: port)).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return address
    }
}
