package import GatewayCore
import NIOCore
package import NIOPosix
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Every address of a host's name, in the order to try them. Throws ``InputFault`` or `CancellationError`.
package typealias NameResolver = @Sendable (_ host: String) async throws -> [IPAddress]

/// The operating system's resolver: hosts file, DNS, and the numeric spellings that it understands.
package struct SystemResolver: Sendable {
    private let threads: NIOThreadPool
    private let limit: TimeAmount

    /// - Parameters:
    ///   - threads: must be running and outlive the resolver. A look-up blocks one of them for as long as the name servers
    ///     take, so it should be a small pool of its own: slow names then keep nothing waiting but other look-ups.
    ///   - limit: after which a look-up is given up.
    package init(threads: NIOThreadPool, limit: Duration = .seconds(10)) {
        self.threads = threads
        self.limit = .milliseconds(limit.wholeMilliseconds)
    }

    /// Throws ``InputFault`` `remoteUnreachable("DNS failure")` or `remoteTimeout`; `CancellationError`. A look-up whose
    /// caller has gone is not begun; one that runs can't be stopped and its answer is dropped.
    package func addresses(of host: String) async throws -> [IPAddress] {
        if let literal = IPAddress(host) { return [literal] }
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        // Whoever completes it first wins: the look-up, the clock or a cancellation.
        let promise = loop.makePromise(of: [IPAddress].self)
        let isAwaited = Flag(true)
        let timer = loop.scheduleTask(in: limit) { promise.fail(InputFault(.remoteTimeout)) }
        defer {
            timer.cancel()
            isAwaited.set(false)
        }
        threads.runIfActive(eventLoop: loop) {
            isAwaited.value ? try Self.lookUp(host) : []
        }.cascade(to: promise)
        return try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            promise.fail(CancellationError())
        }
    }

    /// Blocks.
    private static func lookUp(_ host: String) throws(InputFault) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { throw InputFault(.remoteUnreachable("DNS failure")) }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var entry = list
        while let info = entry?.pointee {
            // Each address comes once per kind of socket.
            if let address = address(info), !found.contains(address) { found.append(address) }
            entry = info.ai_next
        }
        guard !found.isEmpty else { throw InputFault(.remoteUnreachable("DNS failure")) }
        return found
    }

    private static func address(_ info: addrinfo) -> IPAddress? {
        switch info.ai_family {
        case AF_INET:
            info.ai_addr.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin_addr) { IPAddress(bytes: Array($0)) }
            }
        case AF_INET6:
            info.ai_addr.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin6_addr) { IPAddress(bytes: Array($0)) }
            }
        default: nil
        }
    }
}

/// A truth value that several threads look at.
final class Flag: Sendable {
    private let flag: Atomic<Bool>

    init(_ value: Bool) { flag = Atomic(value) }

    var value: Bool { flag.load(ordering: .acquiring) }

    func set(_ value: Bool) { flag.store(value, ordering: .releasing) }
}
