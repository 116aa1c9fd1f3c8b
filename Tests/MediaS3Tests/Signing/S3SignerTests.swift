import GatewayCore
import Testing

@testable import MediaS3

/// Signatures of the published examples of S3's documentation, and of AWS's own Python library for what those leave out.
@Suite struct S3SignerTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var request: S3Request
        var host = "examplebucket.s3.amazonaws.com"
        var path: String
        var region = "us-east-1"
        var token: Secret?
        /// 2013-05-24T00:00:00Z.
        var seconds: Int64 = 1_369_353_600
        var signature: String
    }

    private static let keys = S3Keys(
        accessKeyID: "AKIAIOSFODNN7EXAMPLE",
        secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))

    @Test(arguments: [
        Example(
            testDescription: "a range of an object",
            request: S3Request(method: .get, key: "test.txt", headers: [S3Field("Range", "bytes=0-9")]),
            path: "/test.txt", signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        Example(
            testDescription: "a list",
            request: S3Request(method: .get, query: [S3Field("prefix", "J"), S3Field("max-keys", "2")]), path: "/",
            signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
        Example(
            testDescription: "an object with a body and headers",
            request: S3Request(
                method: .put, key: "test$file.text",
                headers: [
                    S3Field("Date", "Fri, 24 May 2013 00:00:00 GMT"),
                    S3Field("x-amz-storage-class", "REDUCED_REDUNDANCY"),
                ], bodySHA256: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"),
            path: "/test%24file.text", signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        Example(
            testDescription: "a part under temporary keys",
            request: S3Request(
                method: .put, key: "a b/é~.webp", query: [S3Field("uploadId", "x+y/="), S3Field("partNumber", "2")],
                headers: [S3Field("content-type", "image/webp"), S3Field("x-amz-meta-kept-at", "5")],
                bodySHA256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"),
            host: "127.0.0.1:9000", path: "/bucket/a%20b/%C3%A9~.webp", region: "eu-central-1",
            token: Secret("tok/en+=="), seconds: 1_795_305_599,
            signature: "28f4366bbffaae925d42e46c29647325e9757dc374a158ae80ba5bf2ceaa696a"),
    ])
    func `the signature is the published one`(_ example: Example) throws {
        var keys = Self.keys
        keys.sessionToken = example.token
        let fields = S3Signer(keys: keys, region: example.region).headers(
            of: example.request, host: example.host, path: example.path, at: Timestamp(seconds: example.seconds))
        let authorization = try #require(fields.first { $0.name == "authorization" }?.value)
        #expect(authorization.hasSuffix(",Signature=\(example.signature)"), "\(authorization)")
        #expect(fields.first { $0.name == "x-amz-security-token" }?.value == example.token?.reveal())
    }

    @Test func `instants are written in the two forms of S3`() {
        let instant = Timestamp(milliseconds: 1_795_305_599_999)
        #expect(S3Signer.stamp(instant) == "20261121T235959Z")
        #expect(S3Time.text(of: instant) == "2026-11-21T23:59:59")
    }

    @Test func `keys do not show their secret parts`() {
        var keys = Self.keys
        keys.sessionToken = Secret("tok/en")
        var text = "\(keys)" + String(reflecting: keys)
        dump(keys, to: &text)
        #expect(text.contains("AKIAIOSFODNN7EXAMPLE"))
        #expect(!text.contains("wJalr") && !text.contains("tok/en"))
    }
}
