/// The site's numbers and translation keys, and what they mean (`errors.md`, section 4; `transport.md`, section 8.1).
enum FaultTable {
    /// The meaning of a number met as `ret` or as `fail_code`; nil when nobody knows it.
    static func kind(
        number: Int, context: SiteCallContext, media: SiteMedia, hints: SiteHints
    ) -> SiteFault.Kind? {
        switch number {
        case 1_015: .invalidSession
        case 2_001: .unconfirmedSession
        case 1_006, 5_000: .insufficientCredits
        case 4_001: hints.contains(.content) ? .contentPolicyViolation : .insufficientCredits
        case 121_101: .dailyLimitReached
        case 1_018: .accountBlocked
        case 1_019, 1_021, 2_035, 4_013, -4, -6: .riskControl
        case 1_010, 1_310: .concurrencyLimit
        case 1, 1_057, 2_014, 2_020, 10_020, 121_212: .busy
        case 2_003: hints.contains(.busy) ? .busy : .inputImageRejected
        case 2_004: denied(hints) ?? .outputFiltered
        case 2_002: generateError(context: context, media: media, hints: hints)
        case 1_063, 1_159, 2_005, 2_038, 2_048, 2_050, 2_052: .contentPolicyViolation
        case 2_039, 2_041: .inputImageRejected
        case 2_042, 2_043: .outputFiltered
        case 1_000, 1_001, 1_002, 1_161, 1_162, 1_189, 1_190, 2_204, 4_002: .rejectedParameters
        case 2_203: context == .upload ? .inputImageRejected : .rejectedParameters
        case 4_003, 3_021: hints.contains(.membership) ? .membershipRequired : .permissionDenied
        case 4_010: .complianceConfirmationRequired
        case 3_000: .regionNotAllowed
        case 1_014 where context == .claim: .busy
        case 3_018, 1_014: .protocolChanged
        case 2_061: .modelUnavailable
        case 34_010_100: context == .claim ? .rejectedParameters : nil
        case 34_010_105: context == .claim ? .nothingReceived : nil
        case 2_008, 2_046, 2_047, 3_020, 100_402: passing(number: number, context: context, media: media)
        case 5_001: .imageGenerationFailed
        case 5_002: .videoGenerationFailed
        case 1_017: generationFailed(media)
        default: nil
        }
    }

    /// The meaning of a translation key; nil when it has none that is more than "it failed".
    static func kind(starlingKey: String) -> SiteFault.Kind? {
        let key = starlingKey.prefix(256).lowercased()
        return keys.first { entry in entry.parts.contains { key.contains($0) } }?.kind
    }

    static func generationFailed(_ media: SiteMedia) -> SiteFault.Kind {
        media == .image ? .imageGenerationFailed : .videoGenerationFailed
    }

    /// Whether `kind` says no more than that the generation failed.
    static func isUnspecific(_ kind: SiteFault.Kind) -> Bool {
        kind == .imageGenerationFailed || kind == .videoGenerationFailed
    }

    /// In this order: a key may contain several of the parts.
    private static let keys: [(parts: [String], kind: SiteFault.Kind)] = [
        (["ininsufficient", "insufficient", "no_credit"], .insufficientCredits),
        (["account_block"], .accountBlocked),
        (["risk_notification", "risk_control"], .riskControl),
        (["daily_usage_limit", "daily_limit"], .dailyLimitReached),
        (["inputimagerisk", "image_violates", "fail2generate_input"], .inputImageRejected),
        (["outputimagerisk", "outputvideorisk", "video_violates"], .outputFiltered),
        (
            [
                "inputtextrisk", "violates_community_guidelines", "violate_guidelines", "sensitive_text",
                "content_violation", "copyright", "text_violates", "prompt_violate",
            ], .contentPolicyViolation
        ),
    ]

    private static func denied(_ hints: SiteHints) -> SiteFault.Kind? {
        guard hints.contains(.permission) else { return nil }
        return hints.contains(.membership) ? .membershipRequired : .permissionDenied
    }

    private static func generateError(
        context: SiteCallContext, media: SiteMedia, hints: SiteHints
    ) -> SiteFault.Kind {
        if hints.contains(.parameters) { return .rejectedParameters }
        return context == .submit || context == .task ? generationFailed(media) : .transientRead
    }

    private static func passing(number: Int, context: SiteCallContext, media: SiteMedia) -> SiteFault.Kind {
        switch context {
        case .read, .check, .claim, .upload: .transientRead
        case .submit: generationFailed(media)
        case .task: number == 2_047 ? .contentPolicyViolation : generationFailed(media)
        }
    }
}
