package import GatewayCore
package import Logging

/// Everything the API works with, given by the composition root or by a test.
package struct GatewayServices: Sendable {
    package var generations: any GenerationService
    package var catalogue: ModelCatalogue
    /// What the site told of its models; nil = the built-in catalogue is all there is.
    package var live: CatalogueBook?
    /// Asked for readiness; nil = the store is taken to work.
    package var storeProbe: (any StoreProbe)?
    /// Keys that this gateway gave out; nil = none.
    package var keys: KeyRing?
    /// Lets the command line of this machine administer; nil = nobody but keys may.
    package var controlSecret: Secret?
    /// Accounts for requests with a key; nil = none.
    package var pool: (any AccountPool)?
    /// What administrators do with those accounts; nil = nothing.
    package var accounts: AccountAdministration?
    package var metrics = GatewayMetrics()
    /// Adds to `GET /metrics` what is read when it is asked for.
    package var readings: @Sendable (inout MetricText) async -> Void = { _ in }
    package var vault: any SecretVault
    package var media: any MediaStore
    package var inputs: any InputStore
    package var fetcher: any InputFetcher
    package var desk: AccountDesk
    package var usage: any UsageStore
    /// What is known of accounts' balances without asking.
    package var balances: BalanceBook
    /// nil when pictures can't be converted on this machine.
    package var converter: (any PictureConverter)?
    package var time: any TimeSource
    package var logger: Logger
    package var random: RandomSource
    /// Told of what is kept beside results; nil = nobody counts it.
    package var mediaIndex: (any MediaIndex)?
    /// Removes the record of a terminal generation and the files that only it has; false when there was none.
    package var removeGeneration: @Sendable (GenerationID) async throws -> Bool

    package init(
        generations: any GenerationService, catalogue: ModelCatalogue, vault: any SecretVault, media: any MediaStore,
        inputs: any InputStore, fetcher: any InputFetcher, desk: AccountDesk, usage: any UsageStore,
        balances: BalanceBook = BalanceBook(), converter: (any PictureConverter)?, time: any TimeSource,
        logger: Logger, random: RandomSource = .system,
        removeGeneration: @escaping @Sendable (GenerationID) async throws -> Bool
    ) {
        self.generations = generations
        self.catalogue = catalogue
        self.vault = vault
        self.media = media
        self.inputs = inputs
        self.fetcher = fetcher
        self.desk = desk
        self.usage = usage
        self.balances = balances
        self.converter = converter
        self.time = time
        self.logger = logger
        self.random = random
        self.removeGeneration = removeGeneration
    }
}

extension GatewayServices {
    /// What the accounts of a request may ask for. Costs no request to the site.
    func models(for caller: Caller) -> CatalogueBook.View {
        guard let live, !live.isEmpty else { return CatalogueBook.View(catalogue: catalogue, source: .fixed) }
        return live.view(for: caller.accounts.map(\.id))
    }
}

/// Where random bits come from; tests give a counted one.
package struct RandomSource: Sendable {
    package let next: @Sendable () -> UInt64

    package init(_ next: @escaping @Sendable () -> UInt64) {
        self.next = next
    }

    /// The operating system's cryptographic generator.
    package static let system = RandomSource {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}
