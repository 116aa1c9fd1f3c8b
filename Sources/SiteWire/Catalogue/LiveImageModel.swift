/// An image model as the account's own catalogue has it. What the catalogue does not say is nil or empty, which is not
/// the same as no.
package struct LiveImageModel: Sendable, Hashable {
    /// A resolution with its exact pixels.
    package struct Bucket: Sendable, Hashable {
        /// `resolution_type` on the wire.
        package var resolution: ImageResolution
        /// A ratio without an entry is not offered.
        package var sizes: [ImageRatio: ImageSize]
    }

    /// The site's key of the model; case matters.
    package var modelKey: String
    package var name: String?
    package var tip: String?
    /// What the model can do, in the site's words: `t2i`, `byte_edit`, `smart_scale` ...
    package var features: [String]
    /// In the order of the catalogue's ranks, lowest first.
    package var buckets: [Bucket]
    package var defaultResolution: ImageResolution?
    /// The counts that can be asked for, ascending; a single one is forced, none means the site decides.
    package var counts: [Int]
    package var defaultCount: Int?
    /// Most input pictures.
    package var maximumReferences: Int?
    /// The entitlement a picture of ``defaultResolution`` is charged to.
    package var benefitType: String?
    /// The site's number; the meaning of others than 0 is not known.
    package var status: Int?
    /// Running tasks can be cancelled.
    package var canCancel: Bool?
    /// Terms have to be accepted once on the website.
    package var needsConfirmation: Bool?

    package var makesFromPrompt: Bool { features.contains("t2i") }
    package var takesReferences: Bool { features.contains("byte_edit") || (maximumReferences ?? 0) > 0 }

    /// The entitlement a picture is charged to; nil when the catalogue does not tell it for this resolution, which leaves
    /// it to the built-in tables.
    package func benefitType(resolution: ImageResolution) -> String? {
        let told = defaultResolution ?? (buckets.count == 1 ? buckets.first?.resolution : nil)
        return told == resolution ? benefitType : nil
    }

    /// What to send for this ratio and resolution, all from one row; nil when the catalogue lacks the row.
    package func dimensions(ratio: ImageRatio, resolution: ImageResolution) -> ImageDimensions? {
        guard let size = buckets.first(where: { $0.resolution == resolution })?.sizes[ratio] else { return nil }
        return ImageDimensions(size: size, resolution: resolution, ratio: ratio)
    }
}
