package import GatewayCore
package import Logging

/// Everything the API works with, given by the composition root or by a test.
package struct GatewayServices: Sendable {
    package var generations: any GenerationService
    package var catalogue: ModelCatalogue
    package var vault: any SecretVault
    package var media: any MediaStore
    /// nil when pictures can't be converted on this machine.
    package var converter: (any PictureConverter)?
    package var time: any TimeSource
    package var logger: Logger
    package var random: RandomSource
    /// Removes the record of a terminal generation; false when there was none.
    package var removeGeneration: @Sendable (GenerationID) async throws -> Bool

    package init(
        generations: any GenerationService, catalogue: ModelCatalogue, vault: any SecretVault, media: any MediaStore,
        converter: (any PictureConverter)?, time: any TimeSource, logger: Logger, random: RandomSource = .system,
        removeGeneration: @escaping @Sendable (GenerationID) async throws -> Bool
    ) {
        self.generations = generations
        self.catalogue = catalogue
        self.vault = vault
        self.media = media
        self.converter = converter
        self.time = time
        self.logger = logger
        self.random = random
        self.removeGeneration = removeGeneration
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
