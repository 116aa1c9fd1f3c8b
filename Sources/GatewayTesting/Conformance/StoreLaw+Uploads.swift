import GatewayCore
import Testing

extension StoreLaw {
    static let uploads: [StoreLaw] = [
        StoreLaw("an upload is remembered for its account until it expires") { subject in
            let store = subject.store
            let material = UploadedMaterial(uri: "tos-cn-i-x/1", width: 10, height: 20, durationMilliseconds: 5040)
            let expiry = Timestamp.sample + .seconds(60)
            try await store.saveUploaded(material, sha256: "aa", of: .sample(1), now: .sample, until: expiry)
            #expect(try await store.uploadedMaterial(sha256: "aa", of: .sample(1), now: .sample) == material)
            #expect(try await store.uploadedMaterial(sha256: "aa", of: .sample(2), now: .sample) == nil)
            #expect(try await store.uploadedMaterial(sha256: "bb", of: .sample(1), now: .sample) == nil)
            #expect(try await store.uploadedMaterial(sha256: "aa", of: .sample(1), now: expiry) == nil)
            #expect(try await subject.reopen().uploadedMaterial(sha256: "aa", of: .sample(1), now: .sample) == material)
        },
        StoreLaw("a later upload of the same bytes takes the place of the earlier one") { subject in
            let store = subject.store
            let expiry = Timestamp.sample + .seconds(60)
            for number in 1...2 {
                try await store.saveUploaded(
                    UploadedMaterial(uri: "uri-\(number)"), sha256: "aa", of: .sample(), now: .sample, until: expiry)
            }
            #expect(
                try await store.uploadedMaterial(sha256: "aa", of: .sample(), now: .sample)
                    == UploadedMaterial(uri: "uri-2"))
        },
    ]
}
