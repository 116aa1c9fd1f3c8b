import Logging
import Synchronization

/// Has thumbnails and posters made of results that were copied, after everybody who waited has been answered.
final class Previewer: Sendable {
    /// Jobs waiting; more are left without previews until the next start.
    private static let queueLimit = 20_000
    /// Largest cover that is taken from the site, in bytes.
    private static let coverLimit = 4 << 20

    private let parallelism: Int
    private let jobs: any JobStore
    private let index: (any MediaIndex)?
    private let media: any MediaStore
    private let maker: any PreviewMaker
    private let source: ResultSource
    private let logger: Logger
    private let queue: AsyncStream<Order>
    private let input: AsyncStream<Order>.Continuation
    private let waiting = Atomic(0)

    /// Jobs are large: only the first of a queue are kept, the others read when it is their turn.
    private enum Order {
        case job(Job)
        case id(GenerationID)

        var id: GenerationID {
            switch self {
            case .job(let job): job.id
            case .id(let id): id
            }
        }
    }
    private static let keptJobs = 100

    init(
        parallelism: Int, jobs: any JobStore, index: (any MediaIndex)?, media: any MediaStore, maker: any PreviewMaker,
        source: ResultSource, logger: Logger
    ) {
        self.parallelism = parallelism
        self.jobs = jobs
        self.index = index
        self.media = media
        self.maker = maker
        self.source = source
        self.logger = logger
        (queue, input) = AsyncStream.makeStream(
            of: Order.self, bufferingPolicy: .bufferingOldest(Self.queueLimit))
    }

    /// Takes an ended job whose results are copied.
    func add(_ job: Job) {
        let place = waiting.add(1, ordering: .relaxed).oldValue
        if case .dropped(let order) = input.yield(place < Self.keptJobs ? .job(job) : .id(job.id)) {
            waiting.subtract(1, ordering: .relaxed)
            let id = order.id
            logger.notice("no previews made: too many waiting", metadata: ["generation.id": "\(id)"])
        }
    }

    /// Works until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            for await order in queue {
                waiting.subtract(1, ordering: .relaxed)
                if Task.isCancelled { break }
                if running >= parallelism {
                    await group.next()
                } else {
                    running += 1
                }
                group.addTask { await self.work(on: order) }
            }
            group.cancelAll()
        }
    }

    private func work(on order: Order) async {
        do {
            let job: Job
            switch order {
            case .job(let known): job = known
            case .id(let id):
                guard let found = try await jobs.job(id), found.state.isTerminal else { return }
                job = found
            }
            var made: [MediaID: [StoredPreview]] = [:]
            for (place, output) in job.outputs.enumerated() {
                guard let stored = output.stored, stored.previews == nil, made[stored.id] == nil else { continue }
                made[stored.id] = try await previews(of: stored, place, in: job)
            }
            guard !made.isEmpty else { return }
            let updated = try await jobs.updateOutputs(of: job) { outputs in
                for place in outputs.indices {
                    guard let media = outputs[place].stored?.id, let previews = made[media] else { continue }
                    outputs[place].stored?.previews = previews
                }
            }
            guard let updated else { return }
            // A file that retention took away meanwhile may have left its previews: it must be known to go once more.
            for lost in job.outputs.compactMap(\.stored) where !(made[lost.id] ?? []).isEmpty {
                guard !updated.outputs.contains(where: { $0.stored?.id == lost.id }) else { continue }
                try await index?.enterUnnamed(lost)
            }
        } catch is CancellationError {
            return
        } catch {
            logger.warning("previews not recorded", metadata: ["generation.id": "\(order.id)", "error": "\(error)"])
        }
    }

    /// Nil = to be tried again by the next start.
    private func previews(of stored: StoredMedia, _ place: Int, in job: Job) async throws -> [StoredPreview]? {
        do {
            if let known = try await known(stored) { return known }
            let pictures = try await maker.previews(of: stored, in: media)
            return try await keep(pictures, with: stored)
        } catch let error as CancellationError {
            throw error
        } catch {
            let fault = error as? MediaFault
            logger.info(
                "no preview made",
                metadata: ["generation.id": "\(job.id)", "media.id": "\(stored.id)", "error": "\(error)"])
            if let cover = try await cover(place, of: job) { return try await keep([cover], with: stored) }
            return fault?.kind == .unreadable || fault?.kind == .tooLarge ? [] : nil
        }
    }

    /// Equal bytes may have their previews from another job.
    private func known(_ stored: StoredMedia) async throws -> [StoredPreview]? {
        var found: [StoredPreview] = []
        for variant in [MediaVariant.thumbnail, .poster] {
            for format in PictureFormat.allCases {
                let key = MediaKey(stored.id, variant, fileExtension: format.fileExtension)
                guard let file = try await media.find(key), let name = variant.name else { continue }
                found.append(
                    StoredPreview(variant: name, fileExtension: key.fileExtension, byteCount: file.byteCount))
                break
            }
        }
        return found.isEmpty ? nil : found
    }

    private func keep(_ pictures: [MadePreview], with stored: StoredMedia) async throws -> [StoredPreview] {
        var previews: [StoredPreview] = []
        for picture in pictures {
            guard let name = picture.variant.name else { continue }
            let key = MediaKey(stored.id, picture.variant, fileExtension: picture.format.fileExtension)
            try await media.keep(picture.bytes, as: key)
            try await index?.addMadeBytes(Int64(picture.bytes.count), to: stored.id)
            previews.append(
                StoredPreview(
                    variant: name, fileExtension: key.fileExtension, byteCount: Int64(picture.bytes.count),
                    width: picture.width, height: picture.height))
        }
        return previews
    }

    /// The site's own small picture; nil when there is none or it can't be had.
    private func cover(_ place: Int, of job: Job) async throws -> MadePreview? {
        do {
            let file = try await source.openCover(place, of: job)
            var bytes: [UInt8] = []
            for try await chunk in file.body {
                guard bytes.count + chunk.count <= Self.coverLimit else { return nil }
                bytes += chunk
            }
            return PictureFormat(sniffing: bytes).map { MadePreview(variant: .thumbnail, format: $0, bytes: bytes) }
        } catch {
            try Task.checkCancellation()
            return nil
        }
    }
}
