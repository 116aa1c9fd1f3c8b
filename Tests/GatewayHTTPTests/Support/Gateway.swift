import GatewayCore
import GatewayTesting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Synchronization
import WireJSON

@testable import GatewayHTTP

/// The API over a planned generation service.
struct Gateway: Sendable {
    let time: ManualTime
    let generations: FakeGenerations
    let media: MemoryMedia
    let inputs: TextInputs
    let fetcher: FakeFetcher
    let upstream: ScriptedUpstream
    let usage = MemoryStore()
    let balances = BalanceBook()
    let store = FakeProbe()
    let logs: LogRecorder
    let router: GatewayRouter
    let services: GatewayServices
    let configuration: HTTPConfiguration

    init(
        converter: (any PictureConverter)? = nil, media: MemoryMedia = MemoryMedia(),
        catalogue: ModelCatalogue = .sample, inputs: TextInputs = TextInputs(), fetcher: FakeFetcher = FakeFetcher(),
        _ configure: (inout HTTPConfiguration) -> Void = { _ in }
    ) {
        self.init(
            converter: converter, media: media, catalogue: catalogue, inputs: inputs, fetcher: fetcher,
            generations: { FakeGenerations(time: $0) }, configure)
    }

    init(
        converter: (any PictureConverter)? = nil, media: MemoryMedia = MemoryMedia(),
        catalogue: ModelCatalogue = .sample, inputs: TextInputs = TextInputs(), fetcher: FakeFetcher = FakeFetcher(),
        generations: (ManualTime) -> FakeGenerations,
        _ configure: (inout HTTPConfiguration) -> Void = { _ in }
    ) {
        self.init(
            converter: converter, media: media, catalogue: catalogue, inputs: inputs, fetcher: fetcher,
            generations: generations, prepare: { _ in }, configure)
    }

    init(
        converter: (any PictureConverter)? = nil, media: MemoryMedia = MemoryMedia(),
        catalogue: ModelCatalogue = .sample, inputs: TextInputs = TextInputs(), fetcher: FakeFetcher = FakeFetcher(),
        generations: (ManualTime) -> FakeGenerations, prepare: (inout GatewayServices) -> Void,
        _ configure: (inout HTTPConfiguration) -> Void
    ) {
        let time = ManualTime()
        let fake = generations(time)
        let logs = LogRecorder()
        let counter = Counter()
        let upstream = ScriptedUpstream()
        var services = GatewayServices(
            generations: fake, catalogue: catalogue, vault: TestVault(), media: media, inputs: inputs,
            fetcher: fetcher,
            desk: AccountDesk(upstream: upstream, time: time), usage: usage, balances: balances, converter: converter,
            time: time,
            logger: logs.logger(), random: RandomSource { counter.next() },
            removeGeneration: { id in
                for file in fake.jobs.first(where: { $0.id == id })?.outputs.compactMap(\.stored) ?? [] {
                    _ = try await media.remove(
                        file.id, fileExtension: file.fileExtension, unlessKeptAfter: file.createdAt)
                }
                return fake.remove(id)
            })
        services.storeProbe = store
        prepare(&services)
        var configuration = HTTPConfiguration()
        configuration.version = "1.2.3"
        configure(&configuration)
        self.time = time
        self.generations = fake
        self.media = media
        self.inputs = inputs
        self.fetcher = fetcher
        self.upstream = upstream
        self.logs = logs
        self.services = services
        self.configuration = configuration
        router = GatewayRouter(services: services, configuration: configuration)
    }

    var application: some ApplicationProtocol {
        Application(
            responder: router.responder, server: GatewayServer.http1(configuration),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            logger: LogRecorder().logger())
    }

    func send(
        _ method: HTTPRequest.Method, _ uri: String, token: String? = "sandbox-demo", headers: HTTPFields = [:],
        body: String? = nil
    ) async throws -> Answer {
        var headers = headers
        if let token, headers[.authorization] == nil { headers[.authorization] = "Bearer \(token)" }
        let fields = headers
        return try await application.test(.router) { client in
            try await client.execute(
                uri: uri, method: method, headers: fields, body: body.map { ByteBuffer(string: $0) }
            ) { Answer($0) }
        }
    }

    /// Lets the pauses between three attempts at a result pass.
    func passAttempts() async throws {
        for seconds in [2, 7] {
            try await time.waitForSleeper(until: .sample + .seconds(seconds))
            time.advance(to: .sample + .seconds(seconds))
        }
    }

    /// `POST /v1/images/generations` with a JSON body.
    func generate(
        _ body: String = #"{"prompt":"a lighthouse"}"#, query: String = "", token: String? = "sandbox-demo",
        headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        if headers[.contentType] == nil { headers[.contentType] = "application/json" }
        return try await send(.post, "/v1/images/generations" + query, token: token, headers: headers, body: body)
    }
}

/// A store whose trouble is told by the test.
final class FakeProbe: StoreProbe {
    private let fault = Mutex<StoreFault?>(nil)

    func fail(_ fault: StoreFault?) { self.fault.withLock { $0 = fault } }

    func trouble(at now: Timestamp) async -> StoreFault? { fault.withLock { $0 } }
}

/// An answer, read whole.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let text: String

    init(_ response: TestResponse) {
        status = response.status.code
        headers = response.headers
        text = String(buffer: response.body)
    }

    /// The body as JSON; null when it is none.
    var json: JSONValue {
        do throws(JSONParseError) { return try JSONValue.parse(text) } catch { return .null }
    }

    var error: JSONValue { json["error"] ?? .null }
    var code: String? { error["code"]?.string }

    subscript(name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
}

final class Counter: Sendable {
    private let value = Mutex<UInt64>(0)

    func next() -> UInt64 {
        value.withLock { value in
            value += 1
            return value
        }
    }
}

/// Converts by naming the format, or fails.
struct FakeConverter: PictureConverter {
    var fault: MediaFault?

    func convert(_ bytes: [UInt8], to format: PictureFormat, quality: Int) async throws -> [UInt8] {
        if let fault { throw fault }
        let magic: [UInt8] =
            switch format {
            case .png: [0x89, 0x50, 0x4E, 0x47]
            case .jpeg: [0xFF, 0xD8, 0xFF]
            case .webp: FakeGenerations.webp
            }
        return magic + Array("\(format.rawValue) \(quality)".utf8)
    }
}

extension ModelCatalogue {
    static let sample: ModelCatalogue = {
        let everywhere = Dictionary(uniqueKeysWithValues: Region.allCases.map { ($0, "key") })
        let sizes: [String: [AspectRatio: PixelSize]] = [
            "1k": [.square: PixelSize(width: 1024, height: 1024)],
            "2k": [
                .square: PixelSize(width: 2048, height: 2048), .landscape4x3: PixelSize(width: 2304, height: 1728),
                .landscape3x2: PixelSize(width: 2496, height: 1664),
            ],
        ]
        return ModelCatalogue(
            models: [
                Model(
                    id: "jimeng-4.5", kind: .image, aliases: ["jimeng", "seedream-4.5"], listedAliases: ["jimeng"],
                    displayName: "Seedream 4.5", details: "Pictures", upstreamKeys: everywhere,
                    resolutions: ["2k", "1k"], nativeResolutions: ["2k"],
                    ratios: [.square, .landscape4x3, .landscape3x2], sizes: sizes, countOptions: Array(1...8),
                    defaultCount: 4, maximumInputImages: 10, supportsIntelligentRatio: true, supportsMultiImage: true),
                Model(
                    id: "nanobanana", kind: .image, displayName: "Nano", upstreamKeys: [.us: "key"],
                    resolutions: ["1k"], sizes: sizes),
                Model(
                    id: "jimeng-xl", kind: .image, displayName: "XL", status: .unavailable,
                    upstreamKeys: [.cn: "key"], resolutions: ["1k"], sizes: sizes),
                Model(
                    id: "jimeng-video-3.0", kind: .video, displayName: "Video", upstreamKeys: everywhere,
                    resolutions: ["720p"], ratios: [.square], durations: [5, 10]),
            ], defaultImageModel: "jimeng-4.5", defaultVideoModel: "jimeng-video-3.0")
    }()
}
