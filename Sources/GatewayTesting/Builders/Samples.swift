package import GatewayCore

extension Timestamp {
    /// A fixed instant in September 2026 where tests begin.
    package static let sample = Timestamp(seconds: 1_790_000_000)
}

extension TextToImage {
    package static func sample(
        model: String = "jimeng-4.5", prompt: String = "a lighthouse at dusk", negativePrompt: String = "",
        ratio: AspectRatio? = .landscape4x3, resolution: String = "2k",
        size: PixelSize = PixelSize(width: 2304, height: 1728), count: Int? = nil, seed: UInt32 = 7
    ) -> TextToImage {
        TextToImage(
            model: model, prompt: prompt, negativePrompt: negativePrompt, ratio: ratio, resolution: resolution,
            size: size, count: count, seed: seed)
    }
}

extension Job {
    /// A new job. Jobs of different `number` differ in id and fingerprint, and their ids sort by number.
    package static func sample(
        _ number: Int = 1, id: GenerationID? = nil, owner: String = "owner-1",
        task: GenerationTask = .textToImage(.sample()), requestedModel: String = "jimeng", notices: [String] = [],
        user: String? = nil, metadata: [String: String] = [:], idempotencyKey: String? = nil,
        fingerprint: String? = nil, candidates: [AccountID] = [.sample()], sealedWebhook: [UInt8]? = nil,
        quotedCredits: Int? = nil, createdAt: Timestamp = .sample
    ) -> Job {
        Job(
            id: id ?? .sample(number), owner: owner, task: task, requestedModel: requestedModel, notices: notices,
            user: user, metadata: metadata, idempotencyKey: idempotencyKey,
            fingerprint: fingerprint ?? "fingerprint-\(number)", candidates: candidates,
            sealedWebhook: sealedWebhook, quotedCredits: quotedCredits, createdAt: createdAt)
    }

    /// A copy with changes.
    package func with(_ change: (inout Job) -> Void) -> Job {
        var copy = self
        change(&copy)
        return copy
    }
}

extension GenerationID {
    /// `gen_` and the number in twelve digits.
    package static func sample(_ number: Int = 1) -> GenerationID {
        GenerationID(rawValue: "gen_" + padded(number, to: 12))
    }
}

extension SubmitID {
    package static func sample(_ number: Int = 1) -> SubmitID {
        SubmitID(rawValue: "00000000-0000-4000-8000-" + padded(number, to: 12))
    }
}

extension AccountID {
    package static func sample(_ number: Int = 1) -> AccountID {
        AccountID(rawValue: "acct_" + padded(number, to: 12))
    }
}

extension AccountCredential {
    package static func sample(
        _ number: Int = 1, region: Region = .cn, session: String? = nil, proxy: String? = nil, isSandbox: Bool = true
    ) -> AccountCredential {
        AccountCredential(
            id: .sample(number), region: region, session: Secret(session ?? "sandbox-demo-\(number)"),
            proxy: proxy.map { Secret($0) }, isSandbox: isSandbox)
    }
}

extension StoredAccount {
    package static func sample(
        _ number: Int = 1, region: Region = .cn, isSandbox: Bool = true, sealedCredential: [UInt8] = [1, 2, 3],
        preview: String = "****mo-1", createdAt: Timestamp = .sample, lastUsedAt: Timestamp = .sample,
        origin: Origin = .token, labels: AccountLabels = AccountLabels(), isEnabled: Bool = true,
        health: AccountHealth = AccountHealth(), balance: BalanceReading? = nil
    ) -> StoredAccount {
        StoredAccount(
            id: .sample(number), region: region, isSandbox: isSandbox, sealedCredential: sealedCredential,
            preview: preview, createdAt: createdAt, lastUsedAt: lastUsedAt, origin: origin, labels: labels,
            isEnabled: isEnabled, health: health, balance: balance)
    }
}

extension AccountHealth {
    /// The health after these failures, each at the instant given, without chance.
    package static func after(
        _ failures: GenerationFault.Kind..., at instant: Timestamp = .sample, region: Region = .cn
    ) -> AccountHealth {
        var health = AccountHealth()
        for kind in failures {
            health.take(.failed(kind, kind: .image), balance: nil, region: region, at: instant, jitter: 0.5)
        }
        return health
    }
}

extension KeyID {
    package static func sample(_ number: Int = 1) -> KeyID {
        KeyID(rawValue: "key_" + padded(number, to: 12))
    }
}

extension GatewayKey {
    /// Keys of different `number` differ in id and digest.
    package static func sample(
        _ number: Int = 1, name: String = "team", digest: String? = nil, predecessor: Predecessor? = nil,
        isEnabled: Bool = true, expiresAt: Timestamp? = nil, rules: KeyRules = KeyRules(),
        createdAt: Timestamp = .sample, lastUsedAt: Timestamp? = nil
    ) -> GatewayKey {
        GatewayKey(
            id: .sample(number), name: name, preview: "sk-jm-…\(padded(number, to: 4))",
            digest: digest ?? padded(number, to: 64), predecessor: predecessor, isEnabled: isEnabled,
            expiresAt: expiresAt, rules: rules, createdAt: createdAt, lastUsedAt: lastUsedAt)
    }
}

extension RemoteOutput {
    package static func sample(_ number: Int = 1) -> RemoteOutput {
        RemoteOutput(
            url: "https://p3-dreamina-sign.example/tos-cn-i/\(number)~tplv.webp?x-expires=1&x-signature=a%2Bb%3D",
            uri: "tos-cn-i-tb4s082cfz/\(number)", width: 2304, height: 1728, format: "webp",
            itemID: "756000000000000\(number)")
    }
}

private func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
