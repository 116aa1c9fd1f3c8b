extension SiteFault {
    /// What a refusal consists of, before it has a meaning.
    package struct Evidence: Sendable {
        package var ret: String?
        package var failCode: String?
        package var starlingKey: String?
        /// Messages in the account's language. Read for hints, then dropped.
        package var texts: [String]
        package var logID: String?

        package init(
            ret: String? = nil, failCode: String? = nil, starlingKey: String? = nil, texts: [String] = [],
            logID: String? = nil
        ) {
            self.ret = ret
            self.failCode = failCode
            self.starlingKey = starlingKey
            self.texts = texts
            self.logID = logID
        }
    }

    /// Classifies a reply whose `ret` is not 0: the number decides, what lies beside it helps out where the number is
    /// unknown.
    package static func refusal(
        _ evidence: Evidence, context: SiteCallContext, media: SiteMedia = .image
    ) -> SiteFault {
        let hints = SiteHints(texts: evidence.texts + [evidence.starlingKey ?? ""])
        func meaning(_ number: String?) -> Kind? {
            number.flatMap { Int($0) }.flatMap {
                FaultTable.kind(number: $0, context: context, media: media, hints: hints)
            }
        }
        let kind =
            meaning(evidence.ret) ?? meaning(evidence.failCode)
            ?? evidence.starlingKey.flatMap { FaultTable.kind(starlingKey: $0) }
            ?? spoken(hints, context: context) ?? .invalidResponse
        return SiteFault(
            kind: kind, context: context, ret: evidence.ret, failCode: evidence.failCode,
            starlingKey: evidence.starlingKey, logID: evidence.logID, hints: hints)
    }

    /// Classifies the end of an accepted task: number, key and text together, any of which may be missing. `otherwise`
    /// is the meaning when none of them says anything.
    package static func failedTask(
        failCode: String?, starlingKey: String?, hints: SiteHints, media: SiteMedia, otherwise: Kind? = nil
    ) -> SiteFault {
        let byNumber = failCode.flatMap { Int($0) }.flatMap {
            FaultTable.kind(number: $0, context: .task, media: media, hints: hints)
        }
        let specific = byNumber.flatMap { FaultTable.isUnspecific($0) ? nil : $0 }
        let kind =
            specific ?? starlingKey.flatMap { FaultTable.kind(starlingKey: $0) }
            ?? spokenOfTask(hints) ?? byNumber ?? otherwise ?? FaultTable.generationFailed(media)
        return SiteFault(kind: kind, context: .task, failCode: failCode, starlingKey: starlingKey, hints: hints)
    }

    /// An HTTP status of 400 or more whose body explains nothing. `bodyStart` is the beginning of the body (a few
    /// kilobytes are enough), looked at only for the signs of a login page.
    package static func http(
        status: Int, bodyStart: some Sequence<UInt8>, context: SiteCallContext
    ) -> SiteFault {
        let kind: Kind
        switch status {
        case 401: kind = .invalidSession
        case 403: kind = looksLikeLogin(bodyStart) ? .invalidSession : .riskControl
        case 429, 503: kind = .busy
        default: kind = .httpStatus(status)
        }
        return SiteFault(kind: kind, context: context)
    }

    /// What a refusal with an unknown number says in words.
    private static func spoken(_ hints: SiteHints, context: SiteCallContext) -> Kind? {
        if hints.contains(.confirmation) { return .complianceConfirmationRequired }
        if hints.contains(.concurrency) { return .concurrencyLimit }
        if context == .claim, hints.contains(.alreadyDone) { return .nothingReceived }
        guard context == .submit || context == .upload else { return nil }
        if context == .submit, hints.contains(.membership), !hints.contains(.credits) { return .membershipRequired }
        if hints.contains(.content) || hints.contains(.copyright) { return .contentPolicyViolation }
        return hints.contains(.busy) ? .busy : nil
    }

    private static func spokenOfTask(_ hints: SiteHints) -> Kind? {
        if hints.contains(.confirmation) { return .complianceConfirmationRequired }
        if hints.contains(.content) || hints.contains(.copyright) { return .contentPolicyViolation }
        return nil
    }

    private static func looksLikeLogin(_ bytes: some Sequence<UInt8>) -> Bool {
        let text = String(decoding: Array(bytes.prefix(4_096)), as: UTF8.self).lowercased()
        return ["login", "log in", "sign in", "passport", "登录"].contains { text.contains($0) }
    }
}
