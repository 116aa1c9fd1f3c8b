import Pictures
import Synchronization

/// Keeps what a film was asked for.
final class LastDrawing: Sendable {
    private let value = Mutex<VideoDrawing?>(nil)
    var drawing: VideoDrawing? { value.withLock { $0 } }
    func put(_ drawing: VideoDrawing) { value.withLock { $0 = drawing } }
}
