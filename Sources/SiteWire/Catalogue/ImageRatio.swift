/// The aspect ratios of images, in the order that breaks ties when a size is mapped to a ratio.
package enum ImageRatio: String, Sendable, Hashable, CaseIterable {
    case square = "1:1"
    case landscape4x3 = "4:3"
    case portrait3x4 = "3:4"
    case landscape16x9 = "16:9"
    case portrait9x16 = "9:16"
    case landscape3x2 = "3:2"
    case portrait2x3 = "2:3"
    case landscape21x9 = "21:9"

    /// `image_ratio` of a draft: the same number at every resolution.
    package var code: Int {
        switch self {
        case .square: 1
        case .portrait3x4: 2
        case .landscape16x9: 3
        case .landscape4x3: 4
        case .portrait9x16: 5
        case .portrait2x3: 6
        case .landscape3x2: 7
        case .landscape21x9: 8
        }
    }

    package init?(code: Int) {
        guard let match = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = match
    }
}
