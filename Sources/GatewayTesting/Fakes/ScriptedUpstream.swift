package import GatewayCore
import Synchronization
import Testing

/// A site whose answers a test writes. A call that the test did not prepare records a failure of the test; every call is
/// remembered in order.
package final class ScriptedUpstream: Upstream {
    /// One call, with what identifies it.
    package enum Call: Hashable, Sendable {
        case upload(sha256: String, AccountID)
        case review([String], AccountID)
        case submit(SubmitID, AccountID)
        case observe([SubmitID], AccountID)
        case cancel(historyID: String, MediaKind, AccountID)
        case credits(AccountID)
        case claimDailyCredits(AccountID)
        case ledger(AccountID, since: Timestamp, includesReceived: Bool)
        case isSessionAlive(AccountID)
        case catalogue(AccountID)
        case prices(AccountID)
        case freshLink(uri: String?, AccountID)
        case bestLink(uri: String?, AccountID)
        case download(url: String, AccountID)
    }

    package typealias Upload =
        @Sendable (InputMaterial, MediaBody, AccountCredential) async throws(GenerationFault) -> UploadedMaterial
    package typealias Review =
        @Sendable ([UploadedMaterial], AccountCredential) async throws(GenerationFault) -> Void
    package typealias Submit = @Sendable (GenerationTask, SubmitID, AccountCredential) async -> SubmitOutcome
    package typealias Observe =
        @Sendable ([WatchedJob], AccountCredential) async throws(GenerationFault) -> [SubmitID: Observation]
    package typealias Cancel = @Sendable (String, AccountCredential) async throws(GenerationFault) -> Void
    package typealias Credits = @Sendable (AccountCredential) async throws(GenerationFault) -> CreditBalance
    package typealias Claim = @Sendable (AccountCredential) async throws(GenerationFault) -> DailyClaim
    package typealias Ledger = @Sendable (AccountCredential) async throws(GenerationFault) -> AccountLedger
    package typealias Alive = @Sendable (AccountCredential) async throws(GenerationFault) -> Bool?
    package typealias Catalogue = @Sendable (AccountCredential) async throws(GenerationFault) -> LiveCatalogue
    package typealias Prices = @Sendable (AccountCredential) async throws(GenerationFault) -> SitePrices
    package typealias FreshLink = @Sendable (RemoteOutput, AccountCredential) async throws(GenerationFault) -> String?
    package typealias Download = @Sendable (String, AccountCredential) async throws(GenerationFault) -> RemoteFile

    private struct Script: Sendable {
        var upload: Upload?
        var review: Review?
        var bestLink: FreshLink?
        var submit: Submit?
        var observe: Observe?
        var cancel: Cancel?
        var credits: Credits?
        var claim: Claim?
        var ledger: Ledger?
        var alive: Alive?
        var catalogue: Catalogue?
        var prices: Prices?
        var freshLink: FreshLink?
        var download: Download?
    }

    private let script = Mutex(Script())
    private let record = Watched<[Call]>([])

    package init() {}

    // MARK: - Writing the script (at any time; the newest one counts)

    package func onUpload(_ body: @escaping Upload) { script.withLock { $0.upload = body } }
    package func onReview(_ body: @escaping Review) { script.withLock { $0.review = body } }
    package func onPrices(_ body: @escaping Prices) { script.withLock { $0.prices = body } }
    package func onCatalogue(_ body: @escaping Catalogue) { script.withLock { $0.catalogue = body } }
    package func onBestLink(_ body: @escaping FreshLink) { script.withLock { $0.bestLink = body } }
    package func onSubmit(_ body: @escaping Submit) { script.withLock { $0.submit = body } }
    package func onObserve(_ body: @escaping Observe) { script.withLock { $0.observe = body } }
    package func onCancel(_ body: @escaping Cancel) { script.withLock { $0.cancel = body } }
    package func onCredits(_ body: @escaping Credits) { script.withLock { $0.credits = body } }
    package func onClaimDailyCredits(_ body: @escaping Claim) { script.withLock { $0.claim = body } }
    package func onLedger(_ body: @escaping Ledger) { script.withLock { $0.ledger = body } }
    package func onSessionCheck(_ body: @escaping Alive) { script.withLock { $0.alive = body } }
    package func onFreshLink(_ body: @escaping FreshLink) { script.withLock { $0.freshLink = body } }
    package func onDownload(_ body: @escaping Download) { script.withLock { $0.download = body } }

    // MARK: - Reading what happened

    /// Every call so far, in order.
    package var calls: [Call] { record.value }

    /// The ids of the submissions so far, in order.
    package var submits: [SubmitID] {
        calls.compactMap { if case .submit(let id, _) = $0 { id } else { nil } }
    }

    /// The ids asked for by each look so far, in order.
    package var observes: [[SubmitID]] {
        calls.compactMap { if case .observe(let ids, _) = $0 { ids } else { nil } }
    }

    /// Waits until the calls so far satisfy the condition.
    /// - Throws: `CancellationError` when the caller is cancelled first.
    package func waitForCalls(_ condition: @escaping @Sendable ([Call]) -> Bool) async throws {
        try await record.wait(until: condition)
    }

    /// Waits until at least `count` submissions were made.
    /// - Throws: `CancellationError` when the caller is cancelled first.
    package func waitForSubmits(_ count: Int) async throws {
        try await record.wait { calls in
            calls.count { if case .submit = $0 { true } else { false } } >= count
        }
    }

    /// Waits until at least `count` looks were made.
    /// - Throws: `CancellationError` when the caller is cancelled first.
    package func waitForObserves(_ count: Int) async throws {
        try await record.wait { calls in
            calls.count { if case .observe = $0 { true } else { false } } >= count
        }
    }

    // MARK: - Upstream

    package func upload(
        _ input: InputMaterial, from body: @escaping @Sendable () -> MediaBody, as account: AccountCredential
    ) async throws(GenerationFault) -> UploadedMaterial {
        note(.upload(sha256: input.sha256, account.id))
        guard let script = script.withLock({ $0.upload }) else { throw unexpected("upload") }
        return try await script(input, body(), account)
    }

    package func review(
        _ inputs: [UploadedMaterial], of task: GenerationTask, as account: AccountCredential
    ) async throws(GenerationFault) {
        note(.review(inputs.map(\.uri).sorted(), account.id))
        guard let body = script.withLock({ $0.review }) else { throw unexpected("review") }
        try await body(inputs, account)
    }

    package func bestLink(
        for output: RemoteOutput, as account: AccountCredential
    ) async throws(GenerationFault) -> String? {
        note(.bestLink(uri: output.uri, account.id))
        guard let body = script.withLock({ $0.bestLink }) else { throw unexpected("bestLink") }
        return try await body(output, account)
    }

    package func submit(
        _ task: GenerationTask, inputs: [String: UploadedMaterial], id: SubmitID, as account: AccountCredential
    ) async -> SubmitOutcome {
        note(.submit(id, account.id))
        guard let body = script.withLock({ $0.submit }) else { return .notSent(unexpected("submit")) }
        return await body(task, id, account)
    }

    package func observe(
        _ jobs: [WatchedJob], as account: AccountCredential
    ) async throws(GenerationFault) -> [SubmitID: Observation] {
        note(.observe(jobs.map(\.submitID), account.id))
        guard let body = script.withLock({ $0.observe }) else { throw unexpected("observe") }
        return try await body(jobs, account)
    }

    package func cancel(
        historyID: String, kind: MediaKind, as account: AccountCredential
    ) async throws(GenerationFault) {
        note(.cancel(historyID: historyID, kind, account.id))
        guard let body = script.withLock({ $0.cancel }) else { throw unexpected("cancel") }
        try await body(historyID, account)
    }

    package func credits(of account: AccountCredential) async throws(GenerationFault) -> CreditBalance {
        note(.credits(account.id))
        guard let body = script.withLock({ $0.credits }) else { throw unexpected("credits") }
        return try await body(account)
    }

    package func claimDailyCredits(for account: AccountCredential) async throws(GenerationFault) -> DailyClaim {
        note(.claimDailyCredits(account.id))
        guard let body = script.withLock({ $0.claim }) else { throw unexpected("claimDailyCredits") }
        return try await body(account)
    }

    package func ledger(
        of account: AccountCredential, since instant: Timestamp, includesReceived: Bool
    ) async throws(GenerationFault) -> AccountLedger {
        note(.ledger(account.id, since: instant, includesReceived: includesReceived))
        guard let body = script.withLock({ $0.ledger }) else { throw unexpected("ledger") }
        return try await body(account)
    }

    package func isSessionAlive(_ account: AccountCredential) async throws(GenerationFault) -> Bool? {
        note(.isSessionAlive(account.id))
        guard let body = script.withLock({ $0.alive }) else { throw unexpected("isSessionAlive") }
        return try await body(account)
    }

    package func catalogue(of account: AccountCredential) async throws(GenerationFault) -> LiveCatalogue {
        note(.catalogue(account.id))
        guard let body = script.withLock({ $0.catalogue }) else { throw unexpected("catalogue") }
        return try await body(account)
    }

    package func prices(of account: AccountCredential) async throws(GenerationFault) -> SitePrices {
        note(.prices(account.id))
        guard let body = script.withLock({ $0.prices }) else { throw unexpected("prices") }
        return try await body(account)
    }

    package func freshLink(
        for output: RemoteOutput, as account: AccountCredential
    ) async throws(GenerationFault) -> String? {
        note(.freshLink(uri: output.uri, account.id))
        guard let body = script.withLock({ $0.freshLink }) else { throw unexpected("freshLink") }
        return try await body(output, account)
    }

    package func download(_ url: String, as account: AccountCredential) async throws(GenerationFault) -> RemoteFile {
        note(.download(url: url, account.id))
        guard let body = script.withLock({ $0.download }) else { throw unexpected("download") }
        return try await body(url, account)
    }

    private func note(_ call: Call) {
        record.update { $0.append(call) }
    }

    private func unexpected(_ call: String) -> GenerationFault {
        Issue.record("the site was asked for \(call), which this test did not prepare")
        return GenerationFault(.internalError)
    }
}
