import AsyncHTTPClient
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import ServerConnections
import Synchronization

/// Stands between a gateway and the simulated site and holds one exchange at a chosen point, for as long as the test
/// wants. So a process can be killed exactly there.
final class HoldingProxy: Sendable {
    /// A point in an exchange.
    struct Point: Sendable {
        enum Moment: Sendable {
            /// The site has not seen the request, and never will.
            case before
            /// The site has done it; its answer is not passed on.
            case after
        }

        /// The beginning of the request's path.
        var path: String
        var moment: Moment
    }

    private struct State {
        var point: Point?
        var isReached = false
        var isReleased = false
        var watchers: [CheckedContinuation<Void, Never>] = []
        var held: [CheckedContinuation<Void, Never>] = []
    }

    private let site: String
    private let state: Mutex<State>
    private let client = HTTPClient(eventLoopGroupProvider: .singleton)
    private let listening = AsyncStream<Int>.makeStream()

    private init(site: String, point: Point?) {
        self.site = site
        state = Mutex(State(point: point))
    }

    /// Runs a proxy while `body` works. `port`: 0 lets the system choose.
    /// `point`: the first exchange that comes by there is held; nil holds none.
    static func run<Value: Sendable>(
        to site: String, holding point: Point?, port: Int = 0,
        _ body: @escaping @Sendable (HoldingProxy, String) async throws -> Value
    ) async throws -> Value {
        let proxy = HoldingProxy(site: site, point: point)
        let app = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in await proxy.answer(request) },
            server: .steadyHTTP1(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { proxy.listening.continuation.yield($0.localAddress?.port ?? 0) },
            logger: Logger(label: "proxy") { _ in SwiftLogNoOpLogHandler() })
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await app.run()
                return nil
            }
            var ports = proxy.listening.stream.makeAsyncIterator()
            guard let bound = await ports.next() else { throw TestProblem("the proxy does not listen") }
            let result: Result<Value, any Error>
            do {
                result = .success(try await body(proxy, "http://127.0.0.1:\(bound)"))
            } catch {
                result = .failure(error)
            }
            proxy.release()
            group.cancelAll()
            while let _ = await group.nextResult() {}
            try? await proxy.client.shutdown()  // The test is over either way.
            return try result.get()
        }
    }

    /// Waits until an exchange is held.
    func reached() async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if !state.isReached { state.watchers.append(continuation) }
                return state.isReached
            }
            if isReached { continuation.resume() }
        }
    }

    /// Lets go of what is held: it ends without an answer of the site.
    private func release() {
        let held = state.withLock { state in
            state.isReleased = true
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    private func holds(_ path: String, _ moment: Point.Moment) async -> Bool {
        let watchers = state.withLock { state -> [CheckedContinuation<Void, Never>]? in
            guard let point = state.point, point.moment == moment, path.hasPrefix(point.path), !state.isReached else {
                return nil
            }
            state.isReached = true
            defer { state.watchers = [] }
            return state.watchers
        }
        guard let watchers else { return false }
        for watcher in watchers { watcher.resume() }
        await withCheckedContinuation { continuation in
            let isReleased = state.withLock { state in
                if !state.isReleased { state.held.append(continuation) }
                return state.isReleased
            }
            if isReleased { continuation.resume() }
        }
        return true
    }

    private func answer(_ request: Request) async -> Response {
        let target = request.head.path ?? "/"
        do {
            let body = try await request.body.collect(upTo: 32 << 20)
            if await holds(target, .before) { return Response(status: .badGateway) }
            var outgoing = HTTPClientRequest(url: site + target)
            outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
            // With the host the gateway used: the site's links then lead here too.
            if let authority = request.head.authority { outgoing.headers.add(name: "host", value: authority) }
            for field in request.headers where !["connection", "content-length"].contains(field.name.canonicalName) {
                outgoing.headers.add(name: field.name.rawName, value: field.value)
            }
            if body.readableBytes > 0 { outgoing.body = .bytes(body) }
            let response = try await client.execute(outgoing, timeout: .seconds(30))
            let bytes = try await response.body.collect(upTo: 32 << 20)
            if await holds(target, .after) { return Response(status: .badGateway) }
            var headers = HTTPFields()
            for (name, value) in response.headers where name.lowercased() == "content-type" {
                headers[.contentType] = value
            }
            return Response(
                status: .init(code: Int(response.status.code)), headers: headers,
                body: ResponseBody(byteBuffer: bytes))
        } catch {
            return Response(status: .badGateway)
        }
    }
}
