import BucketTesting
import Foundation
import GatewayApp
import GatewayCore
import MediaS3
import NIOHTTP1
import Testing
import WireJSON

/// Results in a bucket in place of the data folder.
@Suite(.timeLimit(.minutes(10))) struct BucketSettingsTests {
    @Test func `results lie in the bucket and are served from it`() async throws {
        let server = BucketServer()
        try await server.run { port in
            let gateway = try TestGateway(flags: [
                "media.store": "s3", "media.s3.endpoint": "http://127.0.0.1:\(port)", "media.s3.bucket": "media",
                "media.s3.access_key_id": "id", "media.s3.secret_access_key": "hunter2", "media.s3.prefix": "/kept",
                "media.url_mode": "local",
            ])
            try await gateway.run { api in
                let answer = try await api.post(
                    "/v1/images/generations", token: "sandbox-demo", ["prompt": "a fox", "n": 1])
                #expect(answer.status == 200)
                let url = answer.json["data"]?[0]?["url"]?.string ?? ""
                let file = try await api.get(URL(string: url)?.relativeReference ?? url)
                #expect(file.status == 200)
                let original = try #require(
                    server.objects.first { $0.key.hasPrefix("kept/sha256/") && $0.value.bytes == file.bytes })
                #expect(original.key.hasSuffix(".webp"))
                let id = answer.json["jimeng"]?["generation_id"]?.string ?? ""
                let removed = try await api.send(
                    "DELETE", "/v1/generations/\(id)", token: "sandbox-demo", body: nil)
                #expect(removed.status == 200)
                #expect(server.objects[original.key] == nil)
            }
            let files = FileManager.default.enumerator(atPath: gateway.folder + "/media")?.compactMap { $0 as? String }
            #expect((files ?? []).allSatisfy { $0 == "incoming" })
            #expect(!gateway.logs.text.contains("hunter2"))
        }
    }

    @Test func `what is missing for a bucket is told at once, without secrets`() async throws {
        let problems = await #expect(throws: ConfigurationProblems.self) {
            _ = try await AppConfiguration.read(
                flags: [
                    "media.store": "s3", "media.s3.endpoint": "minio.lan", "media.s3.bucket": "media",
                    "media.s3.secret_access_key": "hunter2", "media.s3.prefix": "a/../b",
                ], environment: [:])
        }
        let text = problems?.description ?? ""
        for key in ["media.s3.endpoint", "media.s3.access_key_id", "media.s3.prefix"] { #expect(text.contains(key)) }
        #expect(!text.contains("hunter2"))
    }

    @Test func `keys come from the settings, a file, or the variables of other programs`() async throws {
        let path = NSTemporaryDirectory() + "jimeng-key-" + UUID().uuidString
        try Data("hunter2\n".utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }  // A leftover there does no harm.
        let base = ["JIMENG_MEDIA_STORE": "s3", "JIMENG_MEDIA_S3_BUCKET": "media"]
        for environment in [
            ["JIMENG_MEDIA_S3_ACCESS_KEY_ID": "id", "JIMENG_MEDIA_S3_SECRET_ACCESS_KEY": "hunter2"],
            ["JIMENG_MEDIA_S3_ACCESS_KEY_ID": "id", "JIMENG_MEDIA_S3_SECRET_ACCESS_KEY_FILE": path],
            ["AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "hunter2"],
        ] {
            let configuration = try await AppConfiguration.read(
                flags: [:], environment: base.merging(environment) { old, _ in old })
            guard case .bucket(let bucket) = configuration.mediaLocation else {
                Issue.record("no bucket")
                continue
            }
            #expect(bucket.keys == S3Keys(accessKeyID: "id", secretAccessKey: Secret("hunter2")))
        }
    }
}
