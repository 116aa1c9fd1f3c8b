/// Which ratio and tier of a model a pair of pixels stands for (endpoints.md section 6.5).
struct PictureSizes: Sendable {
    let model: Model

    /// 4k sizes of earlier manuals, still accepted as names of their ratio.
    private static let olderCells: [PixelSize: AspectRatio] = [
        PixelSize(width: 4608, height: 3456): .landscape4x3, PixelSize(width: 3456, height: 4608): .portrait3x4,
        PixelSize(width: 5120, height: 2880): .landscape16x9, PixelSize(width: 2880, height: 5120): .portrait9x16,
        PixelSize(width: 6048, height: 2592): .ultrawide21x9,
    ]
    /// A 21:9 pair of an earlier manual with two digits exchanged, and the pair it means.
    private static let misprinted = PixelSize(width: 2016, height: 846)
    private static let meant = PixelSize(width: 2016, height: 864)

    /// The cell of the model's own tables that this is, else the nearest ratio and the tier by pixel count.
    func placement(of size: PixelSize) -> (ratio: AspectRatio, resolution: String) {
        if let cell = cell(of: size) { return cell }
        return (nearestRatio(to: size), nativeTier(atLeast: Self.tier(of: size)))
    }

    private func cell(of size: PixelSize) -> (ratio: AspectRatio, resolution: String)? {
        if size == Self.misprinted { return cell(of: Self.meant) }
        for resolution in model.nativeResolutions {
            for ratio in model.ratios where model.sizes[resolution]?[ratio] == size { return (ratio, resolution) }
        }
        if let ratio = Self.olderCells[size], model.nativeResolutions.contains("4k"), model.ratios.contains(ratio) {
            return (ratio, "4k")
        }
        return nil
    }

    /// The ratio with the smallest distance of logarithms; of equals the earlier in the API's order.
    func nearestRatio(to size: PixelSize) -> AspectRatio {
        let value = Double(size.width) / Double(size.height)
        var best = AspectRatio.square
        var bestDistance = Double.infinity
        for ratio in AspectRatio.allCases where model.ratios.contains(ratio) {
            // Monotonic in |ln a - ln b|, without the logarithm.
            let distance = max(value / ratio.value, ratio.value / value)
            if distance < bestDistance - 1e-9 {
                best = ratio
                bestDistance = distance
            }
        }
        return best
    }

    private static func tier(of size: PixelSize) -> String {
        switch size.width * size.height {
        case ...2_100_000: "1k"
        case ...4_600_000: "2k"
        default: "4k"
        }
    }

    private func nativeTier(atLeast tier: String) -> String {
        let native = (model.nativeResolutions.isEmpty ? model.resolutions : model.nativeResolutions)
            .sorted { Self.rank($0) < Self.rank($1) }
        return native.first { Self.rank($0) >= Self.rank(tier) } ?? native.last ?? tier
    }

    private static func rank(_ tier: String) -> Int {
        switch tier {
        case "1k": 0
        case "1.5k": 1
        case "2k": 2
        default: 3
        }
    }
}
