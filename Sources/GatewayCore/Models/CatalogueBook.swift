package import Logging
import ServiceLifecycle
import Synchronization

/// What the accounts in use may ask for: the built-in catalogue, corrected by what the site told (protocol
/// field-notes.md (g)).
///
/// Generations never cause a request to the site here. An account's catalogue is fetched when somebody asks for it by
/// ``refresh(_:)``; from then on ``wanted(for:)`` renews it in the background once it is older than ``Limits/life``. At
/// most one fetch per account is under way; a failed one keeps what was known.
package final class CatalogueBook: Service {
    package struct Limits: Sendable {
        /// Older catalogues are renewed in the background.
        package var life: Duration = .seconds(600)
        /// Younger ones are not fetched again even when that is asked for.
        package var youth: Duration = .seconds(300)
        /// After a failure.
        package var pause: Duration = .seconds(30)
        /// Accounts that are remembered; the least recently used goes first.
        package var accounts = 500
        /// Accounts of one request that are asked about.
        package var accountsPerRequest = 5

        package init() {}
    }

    /// How much of a catalogue is the site's own word.
    package enum Source: String, Hashable, Sendable {
        case live
        /// The site's word, but older than it should be.
        case stale
        /// The built-in catalogue.
        case fixed = "static"
    }

    package struct View: Sendable {
        package let catalogue: ModelCatalogue
        package let source: Source

        package init(catalogue: ModelCatalogue, source: Source) {
            self.catalogue = catalogue
            self.source = source
        }
    }

    package typealias Fetch = @Sendable (AccountCredential) async throws(GenerationFault) -> LiveCatalogue

    private struct Entry {
        var region: Region
        var live: LiveCatalogue? {
            didSet {
                keys[.image] = live?.images.map { Set($0.map(\.key)) }
                keys[.video] = live?.videos.map { Set($0.map(\.key)) }
            }
        }
        /// The site's keys of what it lists; a kind that could not be read is missing.
        private(set) var keys: [MediaKind: Set<String>] = [:]
        /// Grows with every new catalogue of any account.
        var version = 0
        var fetchedAt: Timestamp?
        var failedAt: Timestamp?
        var lastUse = 0
        var isFetching = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private struct State {
        var entries: [AccountID: Entry] = [:]
        var uses = 0
        var versions = 0
        var merged: [[Int]: ModelCatalogue] = [:]
    }

    package let builtIn: ModelCatalogue
    private let limits: Limits
    private let time: any TimeSource
    private let fetch: Fetch
    private let logger: Logger
    private let state = Mutex(State())
    private let chores: AsyncStream<AccountCredential>
    private let choreInput: AsyncStream<AccountCredential>.Continuation
    /// Merged catalogues that are kept.
    private static let mostMerged = 64

    package init(
        builtIn: ModelCatalogue, limits: Limits = Limits(), time: any TimeSource, logger: Logger,
        fetch: @escaping Fetch
    ) {
        self.builtIn = builtIn
        self.limits = limits
        self.time = time
        self.logger = logger
        self.fetch = fetch
        (chores, choreInput) = AsyncStream.makeStream(
            of: AccountCredential.self, bufferingPolicy: .bufferingOldest(64))
    }

    /// Renews in the background what ``wanted(for:)`` found too old, until the graceful shutdown or cancellation.
    package func run() async {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for await account in self.chores { group.addTask { await self.fetchOnce(account) } }
                group.cancelAll()
            }
        }
    }

    /// Whether nothing is known beyond the built-in catalogue.
    package var isEmpty: Bool { state.withLock { $0.versions == 0 } }

    /// What these accounts may use, the first ones counting most. Neither waits nor asks.
    package func view(for accounts: [AccountID]) -> View {
        let now = time.now
        return state.withLock { state in
            guard state.versions > 0 else { return View(catalogue: builtIn, source: .fixed) }
            var known: [(region: Region, catalogue: LiveCatalogue)] = []
            var key: [Int] = []
            var isFresh = true
            for id in accounts.prefix(limits.accountsPerRequest) {
                guard let entry = state.entries[id], let live = entry.live else { continue }
                state.uses += 1
                state.entries[id]?.lastUse = state.uses
                known.append((entry.region, live))
                key.append(entry.version)
                if !isYoung(entry, limits.life, now) { isFresh = false }
            }
            guard !known.isEmpty else { return View(catalogue: builtIn, source: .fixed) }
            let source: Source = isFresh ? .live : .stale
            if let merged = state.merged[key] { return View(catalogue: merged, source: source) }
            let merged = builtIn.applying(known)
            if state.merged.count >= Self.mostMerged { state.merged = [:] }
            state.merged[key] = merged
            return View(catalogue: merged, source: source)
        }
    }

    /// Those of the accounts whose catalogue is known, however old, and does not list the model. `model`: its canonical
    /// id. Neither waits nor asks.
    package func lacking(_ model: String, kind: MediaKind, among accounts: [AccountID]) -> Set<AccountID> {
        state.withLock { state in
            guard state.versions > 0 else { return [] }
            let known = builtIn.model(named: model)
            var lacking: Set<AccountID> = []
            var isListed = known != nil
            for id in accounts {
                guard let entry = state.entries[id], let keys = entry.keys[kind] else { continue }
                // The site's key where the account is; else the one that the model has everywhere.
                let key = known.map { $0.upstreamKeys[entry.region] ?? $0.upstreamKeys.values.first } ?? model
                guard let key else { continue }
                if keys.contains(key) { isListed = true } else { lacking.insert(id) }
            }
            // A name that neither the site nor the built-in catalogue knows is no model that an account could lack.
            return isListed ? lacking : []
        }
    }

    /// Says that somebody looks at the catalogues of these accounts: those known but old are renewed, later.
    package func wanted(for accounts: [AccountCredential]) {
        let now = time.now
        for account in accounts.prefix(limits.accountsPerRequest) {
            let isOld = state.withLock { state in
                guard let entry = state.entries[account.id], entry.live != nil else { return false }
                return mayFetch(entry, limits.life, now)
            }
            if isOld { choreInput.yield(account) }
        }
    }

    /// Fetches the catalogues of these accounts, unless that was done or has failed lately, and returns when that has
    /// ended one way or another. Cancellation ends it early.
    package func refresh(_ accounts: [AccountCredential]) async {
        await withTaskGroup(of: Void.self) { group in
            for account in accounts.prefix(limits.accountsPerRequest) {
                group.addTask { await self.fetchOnce(account, youth: self.limits.youth) }
            }
        }
    }

    // MARK: - Fetching

    private func isYoung(_ entry: Entry, _ age: Duration, _ now: Timestamp) -> Bool {
        entry.fetchedAt.map { now - $0 < age } ?? false
    }

    private func mayFetch(_ entry: Entry, _ age: Duration, _ now: Timestamp) -> Bool {
        !entry.isFetching && !isYoung(entry, age, now) && !(entry.failedAt.map { now - $0 < limits.pause } ?? false)
    }

    private func fetchOnce(_ account: AccountCredential, youth: Duration? = nil) async {
        enum Step { case fetch, wait, done }
        let now = time.now
        let step = state.withLock { state -> Step in
            let entry = state.entries[account.id] ?? Entry(region: account.region)
            if entry.isFetching { return .wait }
            guard mayFetch(entry, youth ?? limits.life, now) else { return .done }
            state.uses += 1
            state.entries[account.id] = entry
            state.entries[account.id]?.isFetching = true
            state.entries[account.id]?.lastUse = state.uses
            return .fetch
        }
        switch step {
        case .done: return
        case .wait: await end(of: account.id)
        case .fetch:
            do {
                let live = try await fetch(account)
                finish(account.id, .success(live))
            } catch {
                logger.info("model list not read", metadata: ["account.id": "\(account.id)", "error": "\(error)"])
                finish(account.id, .failure(error))
            }
        }
    }

    /// Waits for the fetch under way. It ends within the deadlines of its calls, so this wait needs none of its own.
    private func end(of id: AccountID) async {
        await withCheckedContinuation { continuation in
            let isWaiting = state.withLock { state in
                guard state.entries[id]?.isFetching == true else { return false }
                state.entries[id]?.waiters.append(continuation)
                return true
            }
            if !isWaiting { continuation.resume() }
        }
    }

    private func finish(_ id: AccountID, _ result: Result<LiveCatalogue, GenerationFault>) {
        let now = time.now
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard var entry = state.entries[id] else { return [] }
            let waiters = entry.waiters
            entry.waiters = []
            entry.isFetching = false
            switch result {
            case .success(let live):
                // A half that could not be read this time is kept as it was.
                var live = live
                live.images = live.images ?? entry.live?.images
                live.videos = live.videos ?? entry.live?.videos
                live.defaultImageKey = live.defaultImageKey ?? entry.live?.defaultImageKey
                if entry.live != live {
                    state.versions += 1
                    entry.version = state.versions
                }
                entry.live = live
                entry.fetchedAt = now
                entry.failedAt = nil
            case .failure:
                entry.failedAt = now
            }
            state.entries[id] = entry
            while state.entries.count > limits.accounts,
                let oldest = state.entries.filter({ !$0.value.isFetching }).min(by: {
                    $0.value.lastUse < $1.value.lastUse
                })
            {
                state.entries[oldest.key] = nil
            }
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
