/// A picture's pixels.
package struct ImageSize: Sendable, Hashable {
    package var width: Int
    package var height: Int

    package init(_ width: Int, _ height: Int) {
        self.width = width
        self.height = height
    }
}

/// What a draft says about the picture's size: pixels, the bucket they belong to and the ratio's number. The three are
/// taken from one row of a table, because the site charges by the bucket and draws by the pixels.
package struct ImageDimensions: Sendable, Hashable {
    package var size: ImageSize
    package var resolution: ImageResolution
    package var ratio: ImageRatio

    package init(size: ImageSize, resolution: ImageResolution, ratio: ImageRatio) {
        self.size = size
        self.resolution = resolution
        self.ratio = ratio
    }
}
