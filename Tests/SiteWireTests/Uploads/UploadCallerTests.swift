import SiteWire
import Testing
import WireJSON

/// Upload calls against recorded ones.
@Suite struct UploadCallerTests {
    struct Recorded: Sendable, CustomTestStringConvertible {
        var example: String
        var region = SiteRegion.cn
        var at: Int64
        var build: @Sendable (UploadCaller, Int64) throws -> SiteRequest

        var testDescription: String { example }
    }

    private static let nonce = "abcdefghij"

    @Test(
        "a signed call equals the recorded one, signature included",
        arguments: [
            Recorded(example: "imagex-apply.success", at: 1_772_352_550) {
                $0.apply(.image, byteCount: 1_024, nonce: nonce, at: $1)
            },
            Recorded(example: "imagex-apply.intl.success", region: .sg, at: 1_772_352_550) {
                var caller = $0
                caller.signingRegion = try #require(caller.region.profile.alternativeSigningRegion)
                return caller.apply(.image, byteCount: 1_024, nonce: nonce, at: $1)
            },
            Recorded(example: "imagex-commit.success", at: 1_772_352_555) {
                $0.commit(try imageAddress(), at: $1)
            },
            Recorded(example: "vod-apply.success", at: 1_772_352_600) {
                $0.apply(.media, byteCount: 2_048, nonce: nonce, at: $1)
            },
            Recorded(example: "vod-commit.success", at: 1_772_352_630) {
                $0.commit(try mediaAddresses()[0], at: $1)
            },
        ])
    func signed(recorded: Recorded) throws {
        let example = try #require(try Vectors.example(recorded.example)["request"])
        let isMedia = recorded.example.hasPrefix("vod")
        let caller = UploadCaller(
            region: recorded.region,
            credentials: UploadCredentials(keys: Fixtures.uploadKeys, spaceName: isMedia ? "dreamina" : nil))
        let request = try recorded.build(caller, recorded.at)
        #expect(request.method.rawValue == example["method"]?.string)
        var bare = request
        bare.query = []
        #expect(bare.url() == example["url"]?.string)
        let query = try #require(example["query"]?.object)
        #expect(request.query.count == query.count)
        for field in request.query { #expect(query[field.name]?.string == field.value) }
        for (name, value) in try #require(example["headers"]?.object) {
            #expect(request.header(name) == value.string, "\(name)")
        }
        #expect(request.header("cookie") == nil)
        #expect(request.body.map { String(decoding: $0, as: UTF8.self) } == example["body_bytes"]?.string)
        #expect((request.header("content-type") == nil) == (request.body == nil))
    }

    @Test("a raw upload equals the recorded one and carries no body")
    func raw() throws {
        let example = try #require(try Vectors.example("store-upload.success")["request"])
        let request = caller().store(try Self.imageAddress(), crc32: 0xCBF4_3926)
        #expect(request.method == .post)
        #expect(request.url() == example["url"]?.string)
        for (name, value) in try #require(example["headers"]?.object) {
            #expect(request.header(name) == value.string, "\(name)")
        }
        let base = try #require(SiteBaseURL("http://127.0.0.1:9/m"))
        #expect(request.url(base: base) == "http://127.0.0.1:9/m\(request.path)")
    }

    @Test("videos go up without a file name, and a second attempt may use another host")
    func rawMedia() throws {
        let address = try Self.mediaAddresses()[0]
        #expect(address.vid == "v0280example00000000000000000000")
        #expect(caller().store(address, crc32: 1).header("content-disposition") == nil)
        #expect(caller().store(address, crc32: 1).header("content-crc32") == "00000001")
        var two = address
        two.hosts = ["a.example", "b.example"]
        #expect(
            (0..<3).map { caller().store(two, crc32: 1, store: $0).host } == ["a.example", "b.example", "a.example"])
    }

    @Test("an apply call outside mainland China names the platform and the token's own space")
    func abroad() {
        let credentials = UploadCredentials(keys: Fixtures.uploadKeys, spaceName: "space1", regionName: "sg")
        let request = UploadCaller(region: .jp, credentials: credentials)
            .apply(.image, byteCount: 1, nonce: "n", at: 0)
        #expect(request.query.contains(SiteField("ServiceId", "space1")))
        #expect(request.query.contains(SiteField("device_platform", "web")))
        #expect(request.header("origin") == "https://mweb-api-sg.capcut.com")
        #expect(request.header("referer") == "https://mweb-api-sg.capcut.com/ai-tool/generate")
        #expect(request.header("authorization")?.contains("/ap-singapore-1/imagex/") == true)
    }

    @Test("a nonce is ten lower-case letters and digits", arguments: [0, 1, 123_456_789_012_345, UInt64.max])
    func nonces(random: UInt64) {
        let nonce = UploadCaller.nonce(random: random)
        #expect(nonce.utf8.count == 10)
        #expect(nonce.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x7A) })
    }

    @Test("nothing shows the keys, the upload's authorization or its session key")
    func redaction() throws {
        let address = try Self.imageAddress()
        let raw = caller().store(address, crc32: 1)
        #expect(raw.header("authorization") == "SpaceKey/tb4s082cfz/0/:version:v2:EXAMPLE-AUTH")
        let signed = caller().commit(address, at: 0)
        let values: [Any] = [address, raw, signed, caller(), Fixtures.uploadKeys]
        for value in values {
            var dumped = ""
            dump(value, to: &dumped)
            for text in [dumped, "\(value)", String(reflecting: value)] {
                for secret in ["EXAMPLE-AUTH", "EXAMPLE-SESSION-KEY", "exampleSecretKey", "AKTPEXAMPLE", "STS2"] {
                    #expect(!text.contains(secret))
                }
            }
        }
    }

    private func caller() -> UploadCaller {
        UploadCaller(region: .cn, credentials: UploadCredentials(keys: Fixtures.uploadKeys))
    }

    private static func imageAddress() throws -> UploadAddress {
        try UploadAddress.image(
            UploadAnswer.open(status: 200, body: try Vectors.response("imagex-apply.success"), step: .apply))
    }

    private static func mediaAddresses() throws -> [UploadAddress] {
        try UploadAddress.media(
            UploadAnswer.open(status: 200, body: try Vectors.response("vod-apply.success"), step: .apply))
    }
}
