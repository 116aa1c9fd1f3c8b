/// Pixels per ratio (`endpoints.md`, section 6.1; `sizes.json`).
package enum ImageSizeTable: String, Sendable, Hashable, CaseIterable {
    /// 1k of the 4.x and 5.x families, with 4:3 and 3:4 the right way round.
    case oneK
    /// 1k of the 3.x family and everything older.
    case oneKOlder
    case twoK
    /// 4k as the site's own catalogue has it.
    case fourK
    /// 4k as older clients send it. Understood as input, never sent.
    case fourKFormer

    package func size(for ratio: ImageRatio) -> ImageSize {
        switch self {
        case .oneK: Self.oneKSize(ratio)
        case .oneKOlder: Self.oneKOlderSize(ratio)
        case .twoK: Self.twoKSize(ratio)
        case .fourK: Self.fourKSize(ratio)
        case .fourKFormer: Self.fourKFormerSize(ratio)
        }
    }

    /// The ratio whose cell has exactly these pixels. `oneKOlder` also knows 2016x846, an old misprint of 2016x864.
    package func ratio(of size: ImageSize) -> ImageRatio? {
        if self == .oneKOlder, size == ImageSize(2_016, 846) { return .landscape21x9 }
        return ImageRatio.allCases.first { self.size(for: $0) == size }
    }

    private static func oneKSize(_ ratio: ImageRatio) -> ImageSize {
        switch ratio {
        case .square: ImageSize(1_024, 1_024)
        case .landscape4x3: ImageSize(1_024, 768)
        case .portrait3x4: ImageSize(768, 1_024)
        case .landscape16x9: ImageSize(1_024, 576)
        case .portrait9x16: ImageSize(576, 1_024)
        case .landscape3x2: ImageSize(1_024, 682)
        case .portrait2x3: ImageSize(682, 1_024)
        case .landscape21x9: ImageSize(1_195, 512)
        }
    }

    private static func oneKOlderSize(_ ratio: ImageRatio) -> ImageSize {
        switch ratio {
        case .square: ImageSize(1_328, 1_328)
        case .landscape4x3: ImageSize(1_472, 1_104)
        case .portrait3x4: ImageSize(1_104, 1_472)
        case .landscape16x9: ImageSize(1_664, 936)
        case .portrait9x16: ImageSize(936, 1_664)
        case .landscape3x2: ImageSize(1_584, 1_056)
        case .portrait2x3: ImageSize(1_056, 1_584)
        case .landscape21x9: ImageSize(2_016, 864)
        }
    }

    private static func twoKSize(_ ratio: ImageRatio) -> ImageSize {
        switch ratio {
        case .square: ImageSize(2_048, 2_048)
        case .landscape4x3: ImageSize(2_304, 1_728)
        case .portrait3x4: ImageSize(1_728, 2_304)
        case .landscape16x9: ImageSize(2_560, 1_440)
        case .portrait9x16: ImageSize(1_440, 2_560)
        case .landscape3x2: ImageSize(2_496, 1_664)
        case .portrait2x3: ImageSize(1_664, 2_496)
        case .landscape21x9: ImageSize(3_024, 1_296)
        }
    }

    private static func fourKSize(_ ratio: ImageRatio) -> ImageSize {
        switch ratio {
        case .square: ImageSize(4_096, 4_096)
        case .landscape4x3: ImageSize(4_693, 3_520)
        case .portrait3x4: ImageSize(3_520, 4_693)
        case .landscape16x9: ImageSize(5_404, 3_040)
        case .portrait9x16: ImageSize(3_040, 5_404)
        case .landscape3x2: ImageSize(4_992, 3_328)
        case .portrait2x3: ImageSize(3_328, 4_992)
        case .landscape21x9: ImageSize(6_197, 2_656)
        }
    }

    private static func fourKFormerSize(_ ratio: ImageRatio) -> ImageSize {
        switch ratio {
        case .square: ImageSize(4_096, 4_096)
        case .landscape4x3: ImageSize(4_608, 3_456)
        case .portrait3x4: ImageSize(3_456, 4_608)
        case .landscape16x9: ImageSize(5_120, 2_880)
        case .portrait9x16: ImageSize(2_880, 5_120)
        case .landscape3x2: ImageSize(4_992, 3_328)
        case .portrait2x3: ImageSize(3_328, 4_992)
        case .landscape21x9: ImageSize(6_048, 2_592)
        }
    }
}
