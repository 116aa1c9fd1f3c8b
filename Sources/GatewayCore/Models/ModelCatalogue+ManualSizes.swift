extension ModelCatalogue {
    /// The same models with the pixel sizes that earlier manuals of the field print, where they differ from the site's
    /// own (endpoints.md section 6.1): 4:3 and 3:4 exchanged at 1k, older 4k sizes, a misprinted 21:9. For people who
    /// rely on those very figures; the site may refuse some of them.
    package func withManualSizes() -> ModelCatalogue {
        ModelCatalogue(
            models: models.map { model in
                guard model.kind == .image else { return model }
                var model = model
                for (resolution, row) in model.sizes {
                    model.sizes[resolution] = row.reduce(into: row) { row, cell in
                        row[cell.key] = Self.manualSizes[cell.value] ?? cell.value
                    }
                }
                return model
            },
            defaultImageModel: defaultImageModel, defaultVideoModel: defaultVideoModel,
            fallbackImageModel: fallbackImageModel, fallbackVideoModel: fallbackVideoModel)
    }

    /// The site's size, and the manuals' one of the same name.
    private static let manualSizes: [PixelSize: PixelSize] = [
        PixelSize(width: 1024, height: 768): PixelSize(width: 768, height: 1024),
        PixelSize(width: 768, height: 1024): PixelSize(width: 1024, height: 768),
        PixelSize(width: 4693, height: 3520): PixelSize(width: 4608, height: 3456),
        PixelSize(width: 3520, height: 4693): PixelSize(width: 3456, height: 4608),
        PixelSize(width: 5404, height: 3040): PixelSize(width: 5120, height: 2880),
        PixelSize(width: 3040, height: 5404): PixelSize(width: 2880, height: 5120),
        PixelSize(width: 6197, height: 2656): PixelSize(width: 6048, height: 2592),
        PixelSize(width: 2016, height: 864): PixelSize(width: 2016, height: 846),
    ]
}
