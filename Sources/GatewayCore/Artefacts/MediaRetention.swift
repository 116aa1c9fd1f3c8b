package import Logging
import ServiceLifecycle

/// Removes kept files: those of removed generations at once, those that are too old or too much from time to time, a few at
/// a time. Favourites and files of the last hour are never taken for age or size.
package struct MediaRetention: Service {
    package struct Configuration: Sendable {
        /// How long results are kept; nil = for ever.
        package var maximumAge: Duration?
        /// How many bytes all kept files may have, previews included; nil = without end.
        package var maximumBytes: Int64?
        /// Between two rounds.
        package var interval: Duration = .seconds(600)
        /// A file younger than this may still be on its way into its generation.
        package var grace: Duration = .seconds(3600)
        /// Files removed between two pauses of a second.
        package var batch = 50

        package init() {}
    }

    private let configuration: Configuration
    private let jobs: any JobStore
    private let index: any MediaIndex
    private let media: any MediaStore
    private let time: any TimeSource
    private let logger: Logger

    package init(
        configuration: Configuration, jobs: any JobStore, index: any MediaIndex, media: any MediaStore,
        time: any TimeSource, logger: Logger
    ) {
        self.configuration = configuration
        self.jobs = jobs
        self.index = index
        self.media = media
        self.time = time
        self.logger = logger
    }

    /// Sweeps until the graceful shutdown or the task's cancellation.
    package func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await sweep()
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("kept files not swept", metadata: ["error": "\(error)"])
                }
                guard (try? await time.sleep(until: time.now + configuration.interval)) != nil else { return }
            }
        }
    }

    /// One round: what an earlier process left, what nobody names, what is too old, what is too much.
    /// Returns: how many files were removed.
    /// - Throws: ``StoreFault``, or `CancellationError` between two files.
    @discardableResult
    package func sweep() async throws -> Int {
        let settled = time.now + (.zero - configuration.grace)
        var count = try await repeatedly(sparing: .zero) { try await index.condemnedMedia(limit: $0) }
        count += try await repeatedly {
            try await index.condemnMedia(.abandoned(keptBefore: settled, limit: $0), at: time.now)
        }
        if let age = configuration.maximumAge {
            let oldest = min(settled, time.now + (.zero - age))
            count += try await repeatedly {
                try await index.condemnMedia(.old(keptBefore: oldest, limit: $0), at: time.now)
            }
        }
        if let most = configuration.maximumBytes {
            count += try await repeatedly { limit in
                let excess = try await index.mediaTotals().bytes - most
                guard excess > 0 else { return [] }
                return try await index.condemnMedia(
                    .excess(bytes: excess, keptBefore: settled, limit: limit), at: time.now)
            }
        }
        if count > 0 { logger.info("kept files removed", metadata: ["media.files": "\(count)"]) }
        return count
    }

    /// Removes the record of a terminal generation and those of its files that no other generation names.
    /// Returns false when there was no such record.
    /// - Throws: ``StoreFault``. Files that can't be removed now are left to the next round.
    package func removeGeneration(_ id: GenerationID) async throws -> Bool {
        let files = try await jobs.job(id)?.outputs.compactMap(\.stored?.id) ?? []
        guard try await jobs.removeJob(id) else { return false }
        if !files.isEmpty {
            _ = try await remove(try await index.condemnMedia(.unused(files), at: time.now), sparing: .zero)
        }
        return true
    }

    /// Takes batches and removes them until one is not full or could not be removed at all.
    /// `spared`: see ``remove(_:sparing:)``; nil = the grace.
    private func repeatedly(
        sparing spared: Duration? = nil, _ batch: (Int) async throws -> [CondemnedMedia]
    ) async throws -> Int {
        var count = 0
        while true {
            try Task.checkCancellation()
            let condemned = try await batch(configuration.batch)
            let removed = try await remove(condemned, sparing: spared ?? configuration.grace)
            count += removed
            guard condemned.count == configuration.batch, removed > 0 else { return count }
            try await time.sleep(until: time.now + .seconds(1))
        }
    }

    /// `spared`: what was kept again so shortly before it was condemned stays: it is on its way into another generation.
    /// Returns: how many are gone, or stay for that reason. The others stay condemned.
    private func remove(_ condemned: [CondemnedMedia], sparing spared: Duration) async throws -> Int {
        var gone: [MediaID] = []
        for file in condemned {
            do {
                // False: the same bytes were kept again meanwhile, and enter the index by themselves.
                _ = try await media.remove(
                    file.id, fileExtension: file.fileExtension, unlessKeptAfter: file.condemnedAt + (.zero - spared))
                gone.append(file.id)
            } catch let error as CancellationError {
                throw error
            } catch {
                logger.warning(
                    "a kept file can't be removed", metadata: ["media.id": "\(file.id)", "error": "\(error)"])
            }
        }
        if !gone.isEmpty { try await index.settleRemovals(of: gone) }
        return gone.count
    }
}
