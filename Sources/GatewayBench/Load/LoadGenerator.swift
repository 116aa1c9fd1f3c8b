import NIOCore
import NIOPosix
import WireJSON

/// Sends requests over keep-alive connections from one event loop, so that it takes at most one core.
struct LoadGenerator: Sendable {
    /// Clients connect so many at a time: a server that has just been started accepts from a queue of a few hundred, and
    /// what overflows it waits seconds for the kernel's repeats.
    private static let wave = 128

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// Opens the connections, lets each send until the plan has nothing more, and gives all samples.
    ///
    /// Throws when a connection can't be opened. Not to be cancelled: the plan's limit ends it.
    func run(_ plan: LoadPlan, port: Int, connections: Int) async throws -> [Sample] {
        var open: [EventLoopFuture<[Sample]>] = []
        var connecting: [EventLoopFuture<Void>] = []
        for index in 0..<connections {
            let promise = group.next().makePromise(of: [Sample].self)
            open.append(promise.futureResult)
            connecting.append(connect(plan, port: port, promise))
            guard index % Self.wave == Self.wave - 1 else { continue }
            try await EventLoopFuture.andAllSucceed(connecting, on: group.next()).get()
            connecting = []
            try await Task.sleep(for: .milliseconds(50))
        }
        return try await EventLoopFuture.whenAllSucceed(open, on: group.next()).get().flatMap(\.self)
    }

    private func connect(
        _ plan: LoadPlan, port: Int, _ promise: EventLoopPromise<[Sample]>
    ) -> EventLoopFuture<Void> {
        let limit = TimeAmount.nanoseconds(Int64(plan.limit / .nanoseconds(1)))
        let channel = ClientBootstrap(group: group)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(10))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(LoadConnection(plan: plan, done: promise))
                }
            }
            .connect(host: "127.0.0.1", port: port)
        channel.whenFailure { promise.fail($0) }
        return channel.map { channel in
            let end = channel.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
            channel.closeFuture.whenComplete { _ in end.cancel() }
        }
    }

    /// One request on a connection of its own.
    func answer(to call: Call, port: Int) async throws -> Sample {
        let plan = LoadPlan.each([call], keepsBodies: true, limit: .seconds(30))
        guard let sample = try await run(plan, port: port, connections: 1).first, sample.status != 0 else {
            throw BenchProblem("no answer from port \(port)")
        }
        return sample
    }

    /// One request whose answer is JSON.
    func json(_ call: Call, port: Int) async throws -> JSONValue {
        let sample = try await answer(to: call, port: port)
        return try JSONValue.parse(Array(sample.body?.readableBytesView ?? .init(ByteBuffer())))
    }

    func shutdown() async throws {
        try await group.shutdownGracefully()
    }
}
