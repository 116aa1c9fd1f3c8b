import CRuntime
import Foundation
package import GatewayCore
import GatewayHTTP
import Hummingbird
import Logging
import MediaFiles
import NIOCore
import NIOPosix
import Pictures
import ServiceLifecycle
import SiteClient
import SiteSandbox
import SiteWire
import StoreSQLite
package import UnixSignals

/// The whole program put together: configuration in, services out. The server, the command line and the end-to-end
/// tests all build it here.
package final class Gateway: Sendable {
    private let configuration: AppConfiguration
    private let logger: Logger
    private let store: SQLiteStore
    private let upstream: SiteUpstream
    private let engine: Engine
    private let webhooks: WebhookService
    private let live: CatalogueBook
    /// For looking up the names of hosts that clients name.
    private let lookups: NIOThreadPool
    private let pictures: PictureWorker
    private let sandbox: SandboxServer?
    private let place: MediaPlace
    private let retention: MediaRetention
    private let responder: GatewayResponder
    private let keys: KeyRing
    /// Nil when accounts are only looked at when somebody asks.
    private let checker: AccountChecker?
    private let folder: String
    private let controlSecret: Secret
    private let port = OnceValue<Int>()

    /// Opens the data folder and builds every part. Nothing runs or listens yet.
    /// `time`: the clock of everything but the calls to the site.
    /// - Throws: ``StoreFault`` or ``KeyVault/Problem`` when the data folder can't be used.
    package init(
        _ configuration: AppConfiguration, loggers: LoggerFactory, time: any TimeSource = SystemTime()
    ) throws {
        self.configuration = configuration
        logger = loggers.make("jimeng")
        for remark in configuration.remarks { logger.warning("\(remark)") }
        let folder = URL(fileURLWithPath: configuration.dataFolder).path
        self.folder = folder
        controlSecret = ControlFile.newSecret()
        // Makes the folder, and holds the lock that keeps a second process away from the key file too.
        let database = try StoreFile(path: folder + "/jimeng.db")
        let vault = try KeyVault.installation(
            file: folder + "/jimeng.key", given: configuration.secretKey, database: database)
        let metrics = GatewayMetrics()
        store = try SQLiteStore(database, metrics: metrics.store, logger: loggers.make("jimeng.store"))
        try vault.remember(in: store)
        let place = MediaPlace(
            configuration.mediaLocation, folder: folder + "/media", time: time, logger: loggers.make("jimeng.media"))
        self.place = place
        let media = place.store
        pictures = PictureWorker(
            executable: ProgramPath.own, arguments: ["picture-worker"], logger: loggers.make("jimeng.pictures"))

        var site = SiteUpstream.Configuration(webID: SiteSession.webID(random: .random(in: .min ... .max)))
        site.upstreamBase = configuration.upstreamBase
        site.paths = configuration.paths
        site.versions = configuration.versions
        site.submitDeadline = configuration.submitDeadline
        site.pollDeadline = configuration.pollDeadline
        let catalogue = configuration.usesManualSizes ? ModelCatalogue.site().withManualSizes() : .site()
        upstream = SiteUpstream(
            configuration: site, catalogue: catalogue, metrics: metrics.site, logger: loggers.make("jimeng.site"))

        let frames = VideoFrameWorker(logger: loggers.make("jimeng.pictures"))
        let previews: MediaPreviews? =
            configuration.makesPreviews
            ? MediaPreviews(
                pictures: pictures, frames: frames,
                spool: MediaPlace.spool(folder + "/media", loggers.make("jimeng.media")))
            : nil
        let retention = MediaRetention(
            configuration: configuration.retention, jobs: store, index: store, media: media, time: time,
            logger: loggers.make("jimeng.media"))
        self.retention = retention

        let inputs = InputSpool(folder: folder + "/spool", threads: .singleton, logger: loggers.make("jimeng.inputs"))
        var http = configuration.http
        http.version = Version.text
        lookups = NIOThreadPool(numberOfThreads: 2)
        lookups.start()
        let resolver: NameResolver = SystemResolver(threads: lookups).addresses(of:)
        let prices = PriceBook(
            benefitType: { [upstream] task, market in upstream.benefitType(of: task, in: market) },
            documented: { task, region in
                task.documentedPrice(in: region) { catalogue.model(named: $0)?.defaultCount }
            },
            dearest: { task, region in task.dearestPrice(in: region) },
            defaultCount: { catalogue.model(named: $0)?.defaultCount })
        let priceReader = PriceReader(
            upstream: upstream, prices: prices, time: time, logger: loggers.make("jimeng.prices"))
        live = CatalogueBook(
            builtIn: catalogue, time: time, logger: loggers.make("jimeng.models"),
            fetch: { [upstream] account async throws(GenerationFault) in
                let live = try await upstream.catalogue(of: account)
                await priceReader.readIfDue(for: account)
                return live
            })
        let announcement = WebhookBody(
            configuration: http, catalogue: catalogue, vault: vault, time: time, logger: loggers.make("jimeng.webhooks")
        )
        let copies = CopyWait()
        let webhooks = WebhookService(
            configuration: configuration.webhooks, deliveries: store, jobs: store, vault: vault,
            sender: WebhookPoster(
                configuration: configuration.fetch, resolver: resolver),
            time: time,
            body: { job, target, id in
                let kept = announcement.waitsForCopies ? await copies.of(job, until: time.now + .seconds(25)) : job
                return announcement.bytes(of: kept, for: target, messageID: id)
            },
            attempted: { metrics.announced($0) }, logger: loggers.make("jimeng.webhooks"))
        self.webhooks = webhooks
        let keeper = AccountKeeper(store: store, vault: vault, time: time, logger: loggers.make("jimeng.accounts"))
        let desk = AccountDesk(upstream: upstream, time: time, keeper: keeper)
        let engine = Engine(
            configuration: configuration.engine, jobs: store, accounts: store, usage: store, media: media,
            inputs: inputs, vault: vault, keeper: keeper, upstream: upstream, time: time,
            holder: "\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: .min ... .max))",
            typicalRunTime: { catalogue.model(named: $0)?.typicalRunTime },
            model: { catalogue.model(named: $0) },
            lacking: { [live] in live.lacking($0, kind: $1, among: $2) }, prices: prices,
            metrics: metrics.generations, mediaIndex: store, previews: previews, jobEnded: { webhooks.jobEnded($0) },
            logger: loggers.make("jimeng.engine"))
        copies.set(engine)
        self.engine = engine
        checker = configuration.accountChecks.map {
            AccountChecker(
                plan: $0, keeper: keeper, desk: desk, prices: priceReader,
                claimsDailyCredits: configuration.engine.claimsDailyCredits,
                time: time, logger: loggers.make("jimeng.accounts"))
        }
        let accounts = AccountAdministration(
            keeper: keeper, desk: desk, policy: http.tokens, running: { [engine] in engine.running(of: $0) })

        sandbox =
            configuration.isSandboxEnabled
            ? Self.sandbox(configuration, folder: folder, pictures: pictures, logger: loggers.make("jimeng.sandbox"))
            : nil

        var services = GatewayServices(
            generations: engine, catalogue: catalogue, vault: vault, media: media, inputs: inputs,
            fetcher: SafeFetcher(configuration: configuration.fetch, resolver: resolver),
            desk: desk, usage: store, balances: keeper.balances, converter: PictureWorkerConverter(pictures),
            time: time,
            logger: loggers.make("jimeng.http"),
            removeGeneration: { id in try await retention.removeGeneration(id) })
        services.live = live
        services.mediaIndex = store
        services.storeProbe = store
        keys = KeyRing(store: store, vault: vault, time: time, logger: loggers.make("jimeng.keys"))
        services.keys = keys
        services.pool = keeper
        services.accounts = accounts
        services.controlSecret = controlSecret
        services.metrics = metrics
        let readings = MetricReadings(engine: engine, store: store, accounts: keeper, startedAt: time.now)
        services.readings = { await readings.write(to: &$0) }
        responder = GatewayRouter(services: services, configuration: http).responder
    }

    private static func sandbox(
        _ configuration: AppConfiguration, folder: String, pictures: PictureWorker, logger: Logger
    ) -> SandboxServer {
        var settings = SandboxConfiguration()
        settings.speed = configuration.sandboxSpeed
        settings.runTime = configuration.sandboxRunTime
        // A generation of ours that outlives this process is looked up by the next one: the sandbox has to know it too.
        settings.journal = folder + "/sandbox.jsonl"
        let videos = VideoWorker(folder: folder + "/sandbox-videos", pictures: pictures, logger: logger)
        return SandboxServer(
            configuration: settings, logger: logger, render: SandboxDrawing.render(with: pictures),
            film: SandboxDrawing.film(with: videos))
    }

    /// The first port the API listens on; waits until it does.
    package func boundPort() async throws -> Int {
        try await port.value()
    }

    /// Serves until SIGINT or SIGTERM (or the task's cancellation).
    /// - Throws: when an address can't be listened on, or a part fails.
    package func run(signals: [UnixSignal] = [.sigterm, .sigint]) async throws {
        defer { port.resolve(nil) }
        // Known before anybody can ask.
        try await keys.load()
        var parts: [any Service] = [
            ClosingService(upstream: upstream, media: place, store: store, lookups: lookups, logger: logger),
            PictureWorkerService(worker: pictures),
            webhooks, live, keys, retention,
            MemoryService(release: jimeng_release_free_memory),
        ]
        if let sandbox { parts.append(SandboxService(sandbox: sandbox)) }
        if let checker { parts.append(checker) }
        parts.append(
            EngineService(engine: engine, media: place, sandbox: sandbox, upstream: upstream, logger: logger))
        parts.append(
            ControlService(
                file: ControlFile(folder: folder), host: configuration.host, secret: controlSecret,
                port: { [port] in try await port.value() }, logger: logger))
        for (index, port) in ([configuration.port] + configuration.extraPorts).enumerated() {
            parts.append(application(port: port, isFirst: index == 0))
        }
        parts.append(DrainService(engine: engine))
        var group = ServiceGroupConfiguration(
            services: parts.map {
                .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
            },
            gracefulShutdownSignals: signals, logger: logger)
        group.maximumGracefulShutdownDuration = configuration.shutdownGrace
        let services = ServiceGroup(configuration: group)
        let hardStop = await HardStop(
            signals: signals, limit: configuration.shutdownGrace + .seconds(5), logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await hardStop.run() }
            defer { tasks.cancelAll() }
            try await services.run()
        }
    }

    /// Serves nothing but this machine's command line, on a port of its own, while `work` runs: no generation is taken up
    /// and none is taken.
    /// - Throws: what `work` throws; when the store can't be read or the port can't be had.
    package func administer(_ work: @escaping @Sendable (_ base: String, _ token: Secret) async throws -> Void)
        async throws
    {
        defer { port.resolve(nil) }
        try await keys.load()
        engine.drain()
        let services: [any Service] = [
            ClosingService(upstream: upstream, media: place, store: store, lookups: lookups, logger: logger), keys,
            application(host: "127.0.0.1", port: 0, isFirst: true),
        ]
        let group = ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
                logger: logger))
        let result: Result<Void, any Error> = try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let base = "http://127.0.0.1:\(try await port.value())"
            let result: Result<Void, any Error>
            do {
                result = .success(try await work(base, controlSecret))
            } catch {
                result = .failure(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return result
        }
        try result.get()
    }

    private func application(host: String? = nil, port wanted: Int, isFirst: Bool) -> some Service {
        let host = host ?? configuration.host
        return Application(
            responder: responder, server: GatewayServer.http1(configuration.http),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: wanted), serverName: "jimeng", backlog: 4096),
            onServerRunning: { [port, logger] channel in
                let bound = channel.localAddress?.port ?? wanted
                if isFirst { port.resolve(bound) }
                logger.notice(
                    "listening", metadata: ["http.address": "http://\(host):\(bound)"])
            },
            logger: Logger(label: "jimeng.server") { _ in SwiftLogNoOpLogHandler() })
    }
}
