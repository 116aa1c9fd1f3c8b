/// The aspect ratios of videos; the raw value goes into the draft.
package enum VideoRatio: String, Sendable, Hashable, CaseIterable {
    case landscape21x9 = "21:9"
    case landscape16x9 = "16:9"
    case landscape4x3 = "4:3"
    case square = "1:1"
    case portrait3x4 = "3:4"
    case portrait9x16 = "9:16"
    case portrait4x5 = "4:5"
    case landscape5x4 = "5:4"
    case portrait9x21 = "9:21"

    /// The six every model has.
    package static let common: [VideoRatio] = [
        .landscape21x9, .landscape16x9, .landscape4x3, .square, .portrait3x4, .portrait9x16,
    ]
}
