import SiteWire

/// Pixels of the 1.5k bucket. The site's own are not published; these are those of the vendor's public API for the same
/// models, which the simulated catalogue serves so that a client can take them from there.
enum OneAndAHalfK {
    static func size(for ratio: ImageRatio) -> ImageSize {
        switch ratio {
        case .square: ImageSize(1_536, 1_536)
        case .portrait3x4: ImageSize(1_344, 1_792)
        case .landscape16x9: ImageSize(2_048, 1_152)
        case .landscape4x3: ImageSize(1_792, 1_344)
        case .portrait9x16: ImageSize(1_152, 2_048)
        case .portrait2x3: ImageSize(1_248, 1_872)
        case .landscape3x2: ImageSize(1_872, 1_248)
        case .landscape21x9: ImageSize(2_352, 1_008)
        }
    }
}
