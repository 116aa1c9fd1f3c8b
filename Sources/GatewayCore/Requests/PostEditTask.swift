/// After-editing of one picture (generate-newest.md section 4).
package struct PostEditTask: Hashable, Sendable, Codable {
    package enum Tool: Hashable, Sendable, Codable {
        /// `normal_hd`: doubles both sides.
        case upscale
        /// `pro_hd`, to `2k` or `4k`.
        case smartUpscale(resolution: String, originalStrength: Double, detailStrength: Double)
        /// `painting`: how far to go beyond each side, as a share of that side, 0...1.
        case outpaint(top: Double, bottom: Double, left: Double, right: Double)
    }

    package enum Source: Hashable, Sendable, Codable {
        case upload(InputMaterial)
        /// A result of the same account.
        case own(itemID: String, historyID: String)
    }

    package var tool: Tool
    package var source: Source
    /// Of the source picture.
    package var size: PixelSize?
    package var count: Int?

    package init(tool: Tool, source: Source, size: PixelSize?, count: Int?) {
        self.tool = tool
        self.source = source
        self.size = size
        self.count = count
    }
}
