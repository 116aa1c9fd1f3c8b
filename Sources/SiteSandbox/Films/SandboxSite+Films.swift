package import Pictures
import Synchronization

/// Draws a video. Throws `PictureError`; by ``PictureError/busy`` it asks to be tried again later, by anything else it gives
/// up.
package typealias SandboxFilm = @Sendable (VideoDrawing) async throws -> [UInt8]

extension SandboxSite {
    /// The MP4 file behind a link. Where none can be drawn it is one grey picture of the right size and length.
    ///
    /// Throws ``MediaLinks/Failure``, or `PictureError` when drawing has to be tried again later.
    func film(target: String) async throws -> [UInt8] {
        let now = now()
        let link = try links(base: "", now: now).open(filmTarget: target)
        let found = state.withLock { state in
            state.requests["media", default: 0] += 1
            return state.film(of: link.place)
        }
        guard let found else { throw MediaLinks.Failure.unknown }
        let sketch = found.sketch
        let (width, height) = (VideoDrawing.backgroundSide(sketch.width), VideoDrawing.backgroundSide(sketch.height))
        let background = PictureSketch(
            prompt: sketch.prompt, index: sketch.index, width: width, height: height, note: "")
        let drawing = VideoDrawing(
            name: "\(link.place.kind)-\(link.place.number)-\(link.isHighQuality ? "high" : "low")",
            background: background.landscape, overlay: sketch.captionLayer, width: sketch.width, height: sketch.height,
            frameRate: FilmOrder.framesPerSecond, frameCount: found.frameCount, isHighQuality: link.isHighQuality)
        if let film {
            do {
                return try await film(drawing)
            } catch let error as PictureError {
                switch error {
                case .busy, .unavailable(.stopped): throw error
                case .unavailable, .crashed, .deadline, .refused: break
                }
            }
        }
        let milliseconds = found.frameCount * 1_000 / FilmOrder.framesPerSecond
        guard let still = StillVideo(width: sketch.width, height: sketch.height, milliseconds: milliseconds) else {
            throw MediaLinks.Failure.unknown
        }
        return still.bytes
    }
}
