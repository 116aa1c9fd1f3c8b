import ArgumentParser
import NIOCore
import NIOHTTP1
import NIOPosix

/// `GatewayBench player`: a light stand-in for the site on one event loop.
struct PlayerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "player",
        abstract: "Play the site: accept image jobs, let them run, answer history calls.",
        discussion: """
            Speaks just enough of the protocol to be measured against. GET /__player/stats and /__player/jobs say what it
            has seen, POST /__player/reset forgets it. Prompts must contain bench-<number>.
            """)

    @Option(help: "The port on 127.0.0.1.")
    var port = 5199

    @Option(help: "How long jobs run, in milliseconds: a number, or a range such as 5000-25000.")
    var run = RunTimes.atOnce

    @Option(help: "Seed of the run times.")
    var seed: UInt64 = 1

    func run() async throws {
        var runTimes = run
        runTimes.seed = seed
        let site = PlayerSite(runTimes: runTimes, base: "http://127.0.0.1:\(port)")
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let server = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(PlayerConnection(site: site))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        try await server.closeFuture.get()
    }
}
