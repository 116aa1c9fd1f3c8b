import Pictures
import Synchronization

/// Draws an SVG as a WebP of exactly `width` x `height` pixels. Throws `PictureError`.
package typealias SandboxRender = @Sendable (_ svg: String, _ width: Int, _ height: Int) async throws -> [UInt8]

/// Draws pictures when they are asked for and keeps the last ones, up to a number of bytes.
final class PictureShelf: Sendable {
    struct Key: Hashable, Sendable {
        var place: MediaLinks.Place
        var width: Int
        var height: Int
    }

    private struct State {
        var pictures: [Key: (bytes: [UInt8], lastUse: UInt64)] = [:]
        var total = 0
        var clock: UInt64 = 0
    }

    private static let countLimit = 4_096

    private let limit: Int
    private let render: SandboxRender
    private let state = Mutex(State())

    /// `limit` is in bytes.
    init(limit: Int, render: @escaping SandboxRender) {
        self.limit = limit
        self.render = render
    }

    /// The picture of a sketch, `width` x `height` pixels large. Where nothing can be drawn it is of one colour.
    ///
    /// Throws ``PictureError/busy`` and what else may go away by itself.
    func picture(_ key: Key, sketch: PictureSketch) async throws -> [UInt8] {
        if let kept = take(key) { return kept }
        let bytes: [UInt8]
        do {
            bytes = try await render(sketch.svg, key.width, key.height)
        } catch let error as PictureError {
            switch error {
            case .busy, .deadline, .unavailable(.stopped): throw error
            case .unavailable, .crashed, .refused: bytes = try Self.plain(key, of: sketch, otherwise: error)
            }
        }
        put(bytes, at: key)
        return bytes
    }

    private static func plain(
        _ key: Key, of sketch: PictureSketch, otherwise error: PictureError
    ) throws(PictureError) -> [UInt8] {
        var chance = Chance(sketch.prompt, sketch.index)
        let color = chance.next()
        let flat = FlatPicture(
            width: key.width, height: key.height, red: UInt8(truncatingIfNeeded: color),
            green: UInt8(truncatingIfNeeded: color >> 8), blue: UInt8(truncatingIfNeeded: color >> 16))
        guard let flat else { throw error }
        return flat.bytes
    }

    private func take(_ key: Key) -> [UInt8]? {
        state.withLock { state in
            state.clock += 1
            state.pictures[key]?.lastUse = state.clock
            return state.pictures[key]?.bytes
        }
    }

    private func put(_ bytes: [UInt8], at key: Key) {
        guard bytes.count <= limit / 4 else { return }
        state.withLock { state in
            state.clock += 1
            if let old = state.pictures.updateValue((bytes, state.clock), forKey: key) {
                state.total -= old.bytes.count
            }
            state.total += bytes.count
            while state.total > limit || state.pictures.count > Self.countLimit,
                let oldest = state.pictures.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                state.pictures[oldest.key] = nil
                state.total -= oldest.value.bytes.count
            }
        }
    }

    /// Bytes kept now.
    var keptBytes: Int { state.withLock { $0.total } }
}
