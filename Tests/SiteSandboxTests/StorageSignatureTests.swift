import Testing

@testable import SiteSandbox

/// The examples of the protocol page `upload.md`, and what must not pass.
@Suite("A signed storage call")
struct StorageSignatureTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        var name: String
        var query: String
        var stamp: String
        var scope: String
        var signedHeaders: String
        var signature: String
        var body: String?
        var testDescription: String { name }

        func call() -> StorageCall {
            var headers = [
                "x-amz-date": stamp, "x-amz-security-token": "STS2eyJleGFtcGxlIjoic2Vzc2lvbi10b2tlbiJ9",
                "authorization": "AWS4-HMAC-SHA256 Credential=AKTPEXAMPLE0123456789abcdefghijklmnopqrs/\(scope)/"
                    + "aws4_request, SignedHeaders=\(signedHeaders), Signature=\(signature)",
            ]
            if let body {
                headers["x-amz-content-sha256"] =
                    body.contains("VOD")
                    ? "faa00608ed8aa0dca160065bca7d656d181635967420c9ef74b5f2152f8313ec"
                    : "d82c15bacb165f9569f08ff50beeb0c54ca773aedb3d2f4b55b27b63568de05f"
            }
            return StorageCall(
                method: body == nil ? "GET" : "POST", rawQuery: query, headers: headers, authority: "127.0.0.1:1",
                body: Array((body ?? "").utf8))
        }
    }

    private static let short = "x-amz-date;x-amz-security-token"
    private static let long = "x-amz-content-sha256;x-amz-date;x-amz-security-token"

    static let vectors = [
        Vector(
            name: "A",
            query: "Action=ApplyImageUpload&Version=2018-08-01&ServiceId=tb4s082cfz&FileSize=1024&s=abcdefghij",
            stamp: "20260301T080910Z", scope: "20260301/cn-north-1/imagex", signedHeaders: short,
            signature: "3f7895c9e18c47fa23bab0c1d37ece046f823a443284c1fa120fb66a8331c37a"),
        Vector(
            name: "B", query: "Action=CommitImageUpload&Version=2018-08-01&ServiceId=tb4s082cfz",
            stamp: "20260301T080915Z", scope: "20260301/cn-north-1/imagex", signedHeaders: long,
            signature: "8973181eaa4ffcddca7c1e37f4d3d183aaf6082a753060f3994be651b64fa901",
            body: #"{"SessionKey":"EXAMPLE-SESSION-KEY"}"#),
        Vector(
            name: "C",
            query: "Action=ApplyImageUpload&Version=2018-08-01&ServiceId=wopfjsm1ax&FileSize=1024&s=abcdefghij"
                + "&device_platform=web",
            stamp: "20260301T080910Z", scope: "20260301/ap-southeast-1/imagex", signedHeaders: short,
            signature: "b6e13099a075a6117c40281c80efdc3ae72f3ca98a6ddb5f5c125000aad6258b"),
        Vector(
            name: "D",
            query: "Action=ApplyImageUpload&Version=2018-08-01&ServiceId=wopfjsm1ax&FileSize=1024&s=abcdefghij"
                + "&device_platform=web",
            stamp: "20260301T080910Z", scope: "20260301/us-east-1/imagex", signedHeaders: short,
            signature: "9c026309ed368c86b63768a9b47a8f98b2d76f10cbce553c4d7ae814f05db061"),
        Vector(
            name: "E",
            query:
                "Action=ApplyUploadInner&Version=2020-11-19&SpaceName=dreamina&FileType=video&IsInner=1&FileSize=2048"
                + "&s=abcdefghij",
            stamp: "20260301T081000Z", scope: "20260301/cn-north-1/vod", signedHeaders: short,
            signature: "4f631ec117e19ec5c4d00ffc211a0c183ca1bda98c5fff58aa3b9f53fbcb70a9"),
        Vector(
            name: "F", query: "Action=CommitUploadInner&Version=2020-11-19&SpaceName=dreamina",
            stamp: "20260301T081030Z", scope: "20260301/cn-north-1/vod", signedHeaders: long,
            signature: "6ccdc40c9f1fa3f0d47e7ea0d805c70f1b07c6929a2380f34bc8f692d9862eb0",
            body: #"{"SessionKey":"EXAMPLE-VOD-SESSION-KEY","Functions":[]}"#),
        Vector(
            name: "G",
            query: "Action=ApplyImageUpload&Version=2018-08-01&ServiceId=tb4s082cfz&FileSize=1024&s=abcdefghij",
            stamp: "20260301T080910Z", scope: "20260301/cn-north-1/imagex", signedHeaders: "host;" + short,
            signature: "f72190c75b7dc39ae22b114c34a32dc41af3029e97e12e15872549d2f593e317"),
    ]

    private static let secret = "exampleSecretKey/0123456789+abcdefghijklmnopq=="

    private func matches(_ call: StorageCall, secret: String = Self.secret) throws -> Bool {
        let time = try #require(UTCTime.seconds(stamp: "20260301T080930Z"))
        return try StorageSignature(call, unixSeconds: time)
            .matches(call, secret: secret, hosts: ["127.0.0.1:1", "imagex.bytedanceapi.com"])
    }

    @Test("of the documents is right, whatever headers it names", arguments: vectors)
    func documented(vector: Vector) throws {
        #expect(try matches(vector.call()))
    }

    @Test("is wrong with another key, query, body, token or time", arguments: vectors)
    func changed(vector: Vector) throws {
        let call = vector.call()
        #expect(try !matches(call, secret: "other"))
        var changed = call
        changed.rawQuery += "&x=1"
        #expect(try !matches(changed))
        changed = call
        changed.body.append(32)
        #expect(try !matches(changed))
        changed = call
        changed.headers["x-amz-security-token"] = "STS2other"
        #expect(try !matches(changed))
        changed = call
        changed.headers["x-amz-date"] = "20260301T080931Z"
        #expect(try !matches(changed))
        // A hash that is not signed could be anything.
        changed = call
        changed.method = "POST"
        if vector.body == nil { #expect(try !matches(changed)) }
    }

    @Test("does not depend on the order or the escapes of the query")
    func order() throws {
        var call = Self.vectors[0].call()
        call.rawQuery = "s=abcdefghij&FileSize=1024&ServiceId=tb4s082cfz&Version=2018%2D08%2d01&Action=ApplyImageUpload"
        #expect(try matches(call))
    }

    @Test("is refused outright without a readable Authorization or with a clock that is off")
    func unreadable() throws {
        let call = Self.vectors[0].call()
        let time = try #require(UTCTime.seconds(stamp: "20260301T080910Z"))
        func code(_ call: StorageCall, at time: Int64) -> StorageRefusal.Code? {
            do throws(StorageRefusal) {
                _ = try StorageSignature(call, unixSeconds: time)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(code(call, at: time) == nil)
        #expect(code(call, at: time + 301) == .invalidTimestamp)
        #expect(code(call, at: time - 301) == .invalidTimestamp)
        for text in ["", "Bearer x", "AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256 Credential=a/b/c/d, Signature=x"] {
            var changed = call
            changed.headers["authorization"] = text
            #expect(code(changed, at: time) == .missingSignature)
        }
        for stamp in ["", "20260301080910", "20261301T080910Z", "2026030xT080910Z", "20260302T080910Z"] {
            var changed = call
            changed.headers["x-amz-date"] = stamp
            #expect(code(changed, at: time) == .invalidTimestamp)
        }
    }

    @Test(
        "dates go there and back",
        arguments: [("19700101T000000Z", 0), ("20240229T235959Z", 1_709_251_199), ("20260301T080910Z", 1_772_352_550)])
    func dates(stamp: String, seconds: Int64) {
        #expect(UTCTime.seconds(stamp: stamp) == seconds)
        let text = UTCTime.text(seconds)
        #expect(text.filter { $0 != "-" && $0 != ":" } == stamp)
    }
}
