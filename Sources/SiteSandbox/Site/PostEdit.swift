/// After-editing of one picture (protocol page `generate-newest.md`, section 4).
struct PostEdit: Sendable, Hashable {
    /// The raw value is `generate_type` of the component and the name of its ability.
    enum Tool: String, Sendable, CaseIterable {
        case upscale = "normal_hd"
        case smartUpscale = "pro_hd"
        case outpaint = "painting"
        case repair = "super_resolution"

        /// `postedit_param.generate_type`.
        var code: Int64 {
            switch self {
            case .upscale: 13
            case .smartUpscale: 35
            case .outpaint: 8
            case .repair: 2
            }
        }

        /// Credits for one result.
        var price: Int { self == .smartUpscale || self == .outpaint ? 1 : 0 }
    }

    /// How much is added on each side, as a share of the picture's own size.
    struct Margins: Sendable, Hashable {
        var top = 0.0
        var bottom = 0.0
        var left = 0.0
        var right = 0.0
    }

    var tool: Tool
    var margins = Margins()
    /// `resolution_type` of the smart upscale.
    var resolution = ""

    /// The longest side an outpainted picture comes to: one of 2048 with 0.9 on each side was seen to give 4000.
    private static let outpaintSide = 4_000.0
    private static let upscaleSide = 8_192.0

    /// The size of the result for a source of this size, in pixels.
    func size(width: Int, height: Int) -> (width: Int, height: Int) {
        let (width, height) = (Double(width), Double(height))
        switch tool {
        case .repair: return (Int(width), Int(height))
        case .upscale: return Self.fit(width * 2, height * 2, longest: Self.upscaleSide)
        case .smartUpscale:
            let scale = (resolution == "4k" ? 4_320 : 2_160) / min(width, height)
            return Self.fit(width * scale, height * scale, longest: Self.upscaleSide)
        case .outpaint:
            return Self.fit(
                width * (1 + margins.left + margins.right), height * (1 + margins.top + margins.bottom),
                longest: Self.outpaintSide)
        }
    }

    private static func fit(_ width: Double, _ height: Double, longest: Double) -> (width: Int, height: Int) {
        let scale = min(1, longest / max(width, height))
        return (max(1, Int((width * scale).rounded())), max(1, Int((height * scale).rounded())))
    }
}
