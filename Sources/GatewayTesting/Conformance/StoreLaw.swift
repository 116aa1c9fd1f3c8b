package import GatewayCore
import Testing

/// Everything that one store keeps.
package typealias Stores = JobStore & AccountStore & WebhookStore & KeyStore & UsageStore & MediaIndex

/// A store for one check, and a way to open it anew.
package struct StoreUnderTest: Sendable {
    /// Empty at the beginning.
    package let store: any Stores
    /// Closes the store and opens the same data again, as the next process would. Leases may be gone afterwards; the old
    /// `store` is not used any more.
    package let reopen: @Sendable () async throws -> any Stores

    package init(
        store: any Stores,
        reopen: @escaping @Sendable () async throws -> any Stores
    ) {
        self.store = store
        self.reopen = reopen
    }
}

/// One law of ``JobStore`` or ``AccountStore`` that every implementation is held to:
///
/// ```swift
/// @Test("keeps the law", arguments: StoreLaw.all)
/// func keeps(_ law: StoreLaw) async throws { try await law.check(makeStore()) }
/// ```
package struct StoreLaw: Sendable, CustomTestStringConvertible {
    package let name: String
    /// Records an issue for every breach; throws when the store fails.
    package let check: @Sendable (StoreUnderTest) async throws -> Void

    init(_ name: String, check: @escaping @Sendable (StoreUnderTest) async throws -> Void) {
        self.name = name
        self.check = check
    }

    package var testDescription: String { name }

    package static let all =
        insertionLaws + savingLaws + outputLaws + listingLaws + accountLaws + leaseLaws + uploads + webhooks + usage
        + mediaLaws
        + keys
}

/// Checks that the store refuses with `conflict`.
func expectConflict(
    _ name: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async {
    let fault = await #expect(throws: StoreFault.self, name, sourceLocation: sourceLocation) { try await body() }
    #expect(fault == nil || fault?.kind == .conflict, name, sourceLocation: sourceLocation)
}

extension JobStore {
    /// Inserts a job for which budgets set its quote aside.
    package func insert(_ job: Job, joining rule: JoinRule) async throws(StoreFault) -> InsertOutcome {
        try await insert(job, joining: rule, reserving: nil)
    }

    /// Inserts a job that nothing can join.
    @discardableResult
    func add(_ job: Job) async throws -> Job {
        guard case .inserted(let inserted) = try await insert(job, joining: .never) else {
            Issue.record("a job that joins nothing was not inserted")
            return job
        }
        return inserted
    }

    /// Inserts a job and walks it through the states.
    @discardableResult
    func add(_ job: Job, through states: JobState...) async throws -> Job {
        try await add(job, through: states)
    }

    @discardableResult
    func add(_ job: Job, through states: [JobState]) async throws -> Job {
        var current = try await add(job)
        for state in states {
            let previous = current.state
            current = try await save(
                current.with { job in
                    job.state = state
                    if state == .submitting { job.submissions += 1 }
                }, expecting: previous, lease: nil)
        }
        return current
    }
}

extension JobState {
    /// A legal way from `queued` to this state.
    var path: [JobState] {
        switch self {
        case .queued: []
        case .preparing: [.preparing]
        case .submitting: [.submitting]
        case .unknown: [.submitting, .unknown]
        case .running: [.submitting, .running]
        case .succeeded, .partial, .failed, .canceled: [.submitting, .running, self]
        }
    }
}
