/// The bounds of picture work. Both sides of the pipe check them: the server to refuse early, the worker because it trusts
/// no frame it reads.
package enum PictureLimits {
    /// The largest picture that is converted or scaled, in bytes.
    package static let inputBytes = 128 << 20
    /// The largest drawing that is rendered, in bytes.
    package static let drawingBytes = 1 << 20
    /// The longest side of a picture, in pixels.
    package static let side = 16_384
    /// The most pixels a picture may have.
    package static let pixels = 64 << 20
    /// The largest picture the worker hands back, in bytes: a PNG of `pixels` noise.
    package static let outputBytes = 288 << 20

    /// Whether a picture of this size may be worked on.
    package static func allows(width: Int, height: Int) -> Bool {
        width > 0 && height > 0 && width <= side && height <= side && width * height <= pixels
    }
}
