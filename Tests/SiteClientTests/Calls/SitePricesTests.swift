import GatewayCore
import GatewayTesting
import Logging
import SiteWire
import Testing
import WireJSON

@testable import SiteClient

/// The site's price book in the gateway's words.
@Suite(.timeLimit(.minutes(10))) struct SitePricesTests {
    private static func strategy(
        _ name: String, _ unit: JSONValue, _ price: JSONValue, isMembers: Bool = false
    ) -> JSONValue {
        [
            "benefit_type": .string(name), "unit": unit,
            "credit_strategy": ["credit_pricing_info": ["min_charge_cnt": 1, "credit_unit_price": price]],
            "subscribe_strategy": ["subscribe_limits": isMembers ? [["role": "vip", "count": 5]] : []],
        ]
    }

    private static func book(_ strategies: [JSONValue]) -> String {
        let metadata: JSONValue = ["metadata_list": [["benefits_pay_strategy": .array(strategies)]]]
        let book: JSONValue = ["ret": 0, "response": .string(metadata.serializedString()), "data": .null]
        return book.serializedString()
    }

    /// Reads the prices from a server that answers the first question with `book` and the second one with `assets`.
    private static func read(
        book: String, assets: String = #"{"ret":"1","errmsg":"busy"}"#
    ) async throws -> (SitePrices, requests: Int) {
        try await ScriptedServer.with { request in
            let body = request.contains("/commerce/v3/resource/benefit_metadata") ? book : assets
            return .whole(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
        } _: { server in
            var configuration = SiteUpstream.Configuration(webID: SiteSession.webID(random: 7))
            configuration.upstreamBase = SiteBaseURL("http://127.0.0.1:\(server.port)")
            let upstream = SiteUpstream(
                configuration: configuration, catalogue: .site(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            do {
                let prices = try await upstream.prices(
                    of: .sample(session: "0123456789abcdef0123456789abcdef", isSandbox: false))
                await upstream.shutdown()
                return (prices, server.requests.count)
            } catch {
                await upstream.shutdown()
                throw error
            }
        }
    }

    @Test func `units that mean nothing here, and two units for one thing, give no price`() async throws {
        let (prices, requests) = try await Self.read(
            book: Self.book([
                Self.strategy("picture", "count", 3), Self.strategy("page", "page", "15"),
                Self.strategy("film", "second", 8), Self.strategy("long", "minute", 8), Self.strategy("odd", .null, 8),
                Self.strategy("both", "count", 8), Self.strategy("both", "second", 8),
                Self.strategy("free", "count", .null),
                Self.strategy("roles", "count", 2), Self.strategy("roles", "count", 6),
                Self.strategy("roles", "count", 4),
            ]))
        #expect(
            prices.prices == [
                "picture": .init(unit: .result, credits: 3), "page": .init(unit: .result, credits: 15),
                "film": .init(unit: .second, credits: 8), "roles": .init(unit: .result, credits: 6),
            ])
        #expect(requests == 1, "nothing is free, so nobody asks what is left of it")
    }

    @Test func `what is left of a membership is free, and without an answer nothing is`() async throws {
        let strategies = [
            Self.strategy("a", "count", 3, isMembers: true), Self.strategy("b", "count", 3),
        ]
        let assets =
            #"{"ret":"0","data":{"asset_list":[{"benefit_type":"a","quota_left":4},"#
            + #"{"benefit_type":"b","quota_left":4}]}}"#
        let (prices, requests) = try await Self.read(book: Self.book(strategies), assets: assets)
        #expect(prices.prices.mapValues(\.freeUnits) == ["a": 4, "b": 0])
        #expect(requests == 2)
        #expect(try await Self.read(book: Self.book(strategies)).0.prices.mapValues(\.freeUnits) == ["a": 0, "b": 0])
    }

    @Test func `an answer without prices is none`() async {
        let fault = await #expect(throws: GenerationFault.self) { _ = try await Self.read(book: #"{"ret":"0"}"#) }
        #expect(fault?.kind == .upstreamInvalidResponse)
    }

    @Test func `a task is charged to what the live list names, else to what the tables do`() throws {
        let images = LiveModels<LiveImageModel>()
        let videos = LiveModels<LiveVideoModel>()
        let benefits = SiteBenefits(catalogue: .site(), images: images, videos: videos)
        let china = PriceMarket(region: .cn, isSandbox: false)
        func picture(_ model: String, _ resolution: String) -> String? {
            benefits.benefitType(of: .textToImage(.sample(model: model, resolution: resolution)), in: china)
        }
        func film(_ model: String, _ resolution: String, withVideo: Bool = false) -> String? {
            let materials = [InputMaterial.sample(kind: withVideo ? .video : .image)]
            let task = VideoTask(
                model: model, prompt: "", ratio: "16:9", resolution: resolution, seconds: 5, seed: 1,
                mode: .omni(materials: materials, pieces: []))
            return benefits.benefitType(of: .video(task), in: china)
        }
        #expect(picture("jimeng-5.0", "2k") == "image_basic_v5_2k")
        #expect(picture("jimeng-5.0", "4k") == "image_basic_v5_4k")
        #expect(picture("jimeng-mj82", "2k") == nil)
        #expect(film("jimeng-video-seedance-2.0-vip", "1080p") == "seedance_20_pro_1080p_output")
        #expect(
            film("jimeng-video-seedance-2.0-fast", "720p", withVideo: true) == "dreamina_seedance_20_fast_with_video")

        let imageList = try LiveImageCatalogue(
            SiteEnvelope([
                "ret": 0,
                "data": [
                    "model_list": [
                        Self.image("high_aes_general_v50", "2k", "live_2k"), Self.image("new_one", "4k", "new_4k"),
                    ]
                ],
            ]))
        images.keep(imageList.models, in: china) { $0.modelKey }
        #expect(picture("jimeng-5.0", "2k") == "live_2k")
        #expect(picture("jimeng-5.0", "4k") == "image_basic_v5_4k")
        #expect(picture("new_one", "4k") == "new_4k")
        #expect(picture("new_one", "2k") == nil)
        let videoList = try LiveVideoCatalogue(
            SiteEnvelope([
                "ret": 0,
                "data": [
                    "model_list": [
                        [
                            "model_req_key": "dreamina_seedance_40_pro_vision",
                            "commercial_config": [
                                "default": ["benefit_type": "vip_default"],
                                "resolution_price_configs": [
                                    ["resolution": "1080P", "price": ["benefit_type": "vip_1080"]]
                                ],
                            ],
                        ]
                    ]
                ],
            ]))
        videos.keep(videoList.models, in: china) { $0.modelKey }
        #expect(film("jimeng-video-seedance-2.0-vip", "1080p") == "vip_1080")
        #expect(film("jimeng-video-seedance-2.0-vip", "720p") == "vip_default")
        let tool = PostEditTask(tool: .upscale, source: .own(itemID: "1", historyID: "2"), size: nil, count: 1)
        #expect(benefits.benefitType(of: .postEdit(tool), in: china) == nil)
    }

    private static func image(_ key: String, _ resolution: String, _ benefit: String) -> JSONValue {
        [
            "model_req_key": .string(key), "default_resolution_type": .string(resolution),
            "commercial_config": [
                "image_model_commerce_config": ["base": ["default": ["benefit_type": .string(benefit)]]]
            ],
        ]
    }
}
