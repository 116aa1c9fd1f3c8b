import GatewayCore
import Synchronization

/// The input files of one request, from the moment they are on disk until a generation owns them. Whatever no generation
/// took over is removed.
final class InputBasket: Sendable {
    let limits: InputLimits
    private let store: any InputStore
    private let totalLimit: Int64
    private let files = Mutex<[InputMaterial]>([])

    private init(store: any InputStore, limits: InputLimits, totalLimit: Int64) {
        self.store = store
        self.limits = limits
        self.totalLimit = totalLimit
    }

    /// Runs `body` with an empty basket; when it throws, nothing that was spooled is left.
    static func with<Value>(
        store: any InputStore, limits: InputLimits, totalLimit: Int64, _ body: (InputBasket) async throws -> Value
    ) async throws -> Value {
        let basket = InputBasket(store: store, limits: limits, totalLimit: totalLimit)
        do {
            return try await body(basket)
        } catch {
            await basket.remove { _ in true }
            throw error
        }
    }

    /// Copies a file to disk. Several may be copied at once.
    /// - Throws: ``InputFault``; `request_too_large` when all files together are more than the limit; what reading throws.
    func spool(_ body: MediaBody) async throws -> InputMaterial {
        let material = try await store.spool(body, limits: limits)
        let total = files.withLock { files in
            files.append(material)
            return files.reduce(0) { $0 + $1.byteCount }
        }
        guard total <= totalLimit else {
            throw RequestProblem(
                .requestTooLarge, values: [.max: PlaceholderText(BodyReader.shown(Int(totalLimit)))])
        }
        return material
    }

    /// A generation owns `taken` now; the rest is removed.
    func handOver(_ taken: [InputMaterial]) async {
        let names = Set(taken.map(\.id))
        await remove { !names.contains($0.id) }
    }

    /// Empties the basket, and the disk of what `isWaste` names.
    private func remove(_ isWaste: (InputMaterial) -> Bool) async {
        let all = files.withLock { files in
            defer { files = [] }
            return files
        }
        let waste = all.filter(isWaste)
        if !waste.isEmpty { await store.remove(waste) }
    }
}
