import SiteWire
import Testing
import WireJSON

/// Signatures against the protocol page's own ones and against those of another implementation.
@Suite struct SigV4SignerTests {
    struct Documented: Sendable, CustomTestStringConvertible {
        var name: String
        var region: String
        var service: String
        var at: Int64
        var query: [SiteField]
        var body: String?
        var signing: [SiteField] = []
        var stamp: String
        var names: String
        var signature: String

        var testDescription: String { name }
    }

    private static let applyImage = [
        SiteField("Action", "ApplyImageUpload"), SiteField("Version", "2018-08-01"),
        SiteField("ServiceId", "tb4s082cfz"), SiteField("FileSize", "1024"), SiteField("s", "abcdefghij"),
    ]
    private static let applyAbroad = [
        SiteField("Action", "ApplyImageUpload"), SiteField("Version", "2018-08-01"),
        SiteField("ServiceId", "wopfjsm1ax"), SiteField("FileSize", "1024"), SiteField("s", "abcdefghij"),
        SiteField("device_platform", "web"),
    ]
    private static let bare = "x-amz-date;x-amz-security-token"
    private static let withBody = "x-amz-content-sha256;x-amz-date;x-amz-security-token"

    @Test(
        "a signature equals the documented one",
        arguments: [
            Documented(
                name: "A", region: "cn-north-1", service: "imagex", at: 1_772_352_550, query: applyImage,
                stamp: "20260301T080910Z", names: bare,
                signature: "3f7895c9e18c47fa23bab0c1d37ece046f823a443284c1fa120fb66a8331c37a"),
            Documented(
                name: "B", region: "cn-north-1", service: "imagex", at: 1_772_352_555,
                query: [
                    SiteField("Action", "CommitImageUpload"), SiteField("Version", "2018-08-01"),
                    SiteField("ServiceId", "tb4s082cfz"),
                ],
                body: "{\"SessionKey\":\"EXAMPLE-SESSION-KEY\"}", stamp: "20260301T080915Z", names: withBody,
                signature: "8973181eaa4ffcddca7c1e37f4d3d183aaf6082a753060f3994be651b64fa901"),
            Documented(
                name: "C", region: "ap-southeast-1", service: "imagex", at: 1_772_352_550, query: applyAbroad,
                stamp: "20260301T080910Z", names: bare,
                signature: "b6e13099a075a6117c40281c80efdc3ae72f3ca98a6ddb5f5c125000aad6258b"),
            Documented(
                name: "D", region: "us-east-1", service: "imagex", at: 1_772_352_550, query: applyAbroad,
                stamp: "20260301T080910Z", names: bare,
                signature: "9c026309ed368c86b63768a9b47a8f98b2d76f10cbce553c4d7ae814f05db061"),
            Documented(
                name: "E", region: "cn-north-1", service: "vod", at: 1_772_352_600,
                query: [
                    SiteField("Action", "ApplyUploadInner"), SiteField("Version", "2020-11-19"),
                    SiteField("SpaceName", "dreamina"), SiteField("FileType", "video"), SiteField("IsInner", "1"),
                    SiteField("FileSize", "2048"), SiteField("s", "abcdefghij"),
                ],
                stamp: "20260301T081000Z", names: bare,
                signature: "4f631ec117e19ec5c4d00ffc211a0c183ca1bda98c5fff58aa3b9f53fbcb70a9"),
            Documented(
                name: "F", region: "cn-north-1", service: "vod", at: 1_772_352_630,
                query: [
                    SiteField("Action", "CommitUploadInner"), SiteField("Version", "2020-11-19"),
                    SiteField("SpaceName", "dreamina"),
                ],
                body: "{\"SessionKey\":\"EXAMPLE-VOD-SESSION-KEY\",\"Functions\":[]}", stamp: "20260301T081030Z",
                names: withBody, signature: "6ccdc40c9f1fa3f0d47e7ea0d805c70f1b07c6929a2380f34bc8f692d9862eb0"),
            Documented(
                name: "G", region: "cn-north-1", service: "imagex", at: 1_772_352_550, query: applyImage,
                signing: [SiteField("Host", "imagex.bytedanceapi.com")], stamp: "20260301T080910Z",
                names: "host;\(bare)", signature: "f72190c75b7dc39ae22b114c34a32dc41af3029e97e12e15872549d2f593e317"),
        ])
    func documented(example: Documented) {
        let signer = SigV4Signer(keys: Fixtures.uploadKeys, region: example.region, service: example.service)
        let payloadHash = example.body.map { SigV4Signer.payloadHash(of: Array($0.utf8)) }
        let headers = signer.headers(
            method: example.body == nil ? .get : .post, query: example.query, payloadHash: payloadHash,
            signing: example.signing, at: example.at)
        #expect(headers.contains(SiteField("x-amz-date", example.stamp)))
        #expect(headers.contains(SiteField("x-amz-security-token", Fixtures.uploadKeys.sessionToken)))
        #expect(headers.first { $0.name == "x-amz-content-sha256" }?.value == payloadHash)
        #expect(
            headers.last?.value
                == "AWS4-HMAC-SHA256 Credential=AKTPEXAMPLE0123456789abcdefghijklmnopqrs/"
                + "\(example.stamp.prefix(8))/\(example.region)/\(example.service)/aws4_request, "
                + "SignedHeaders=\(example.names), Signature=\(example.signature)")
    }

    @Test("signatures equal another implementation's, over dates, blanks, odd characters and repeated names")
    func crossCheck() throws {
        let rows = try #require(try Vectors.file("sigv4.json")["rows"]?.array)
        #expect(rows.count == 24)
        for row in rows {
            func text(_ name: String) throws -> String { try #require(row[name]?.string) }
            func fields(_ name: String) throws -> [SiteField] {
                try #require(row[name]?.array).map {
                    SiteField(try #require($0[0]?.string), try #require($0[1]?.string))
                }
            }
            let signer = SigV4Signer(
                keys: SigV4Keys(
                    accessKeyID: try text("accessKeyID"), secretAccessKey: try text("secretAccessKey"),
                    sessionToken: try text("sessionToken")),
                region: try text("region"), service: try text("service"))
            let headers = signer.headers(
                method: try #require(SiteRequest.Method(rawValue: try text("method"))), query: try fields("query"),
                payloadHash: row["body"]?.string.map { SigV4Signer.payloadHash(of: Array($0.utf8)) },
                signing: try fields("signing"), at: try #require(row["unixSeconds"]?.int))
            #expect(headers.first?.value == row["stamp"]?.string)
            #expect(headers.last?.value == row["authorization"]?.string)
        }
    }
}
