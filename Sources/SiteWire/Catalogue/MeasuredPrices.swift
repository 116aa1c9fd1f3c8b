/// Prices that people have measured at the site's ledger or read from its price book (`models-newest.json`). They differ
/// between accounts and change, so they are hints for estimates. What only members were seen to pay, and rows whose unit
/// is in doubt, are left out.
package struct MeasuredPrice: Sendable, Hashable {
    package enum Unit: Sendable, Hashable {
        /// Each picture.
        case image
        /// The whole submission.
        case submission
    }

    /// What goes in.
    package enum Form: Sendable, Hashable {
        case text, references, edit
        /// A video from a prompt, frames or pictures; those with videos going in cost more.
        case video
    }

    /// Canonical model id, or a tool's name.
    package var model: String
    package var form: Form
    package var isChina: Bool
    /// Nil where the price does not depend on it.
    package var resolution: String?
    /// The length it was measured at; nil for pictures.
    package var seconds: Int?
    package var credits: Int
    package var unit: Unit

    /// Credits for one submission; nil when nobody has measured it.
    /// `count`: pictures that were asked for.
    package static func credits(
        model: String, form: Form, region: SiteRegion, resolution: String?, seconds: Int?, count: Int?
    ) -> Int? {
        let found = all.first { price in
            price.model == model && price.form == form && price.isChina == (region == .cn)
                && (price.resolution == nil || price.resolution == resolution) && price.seconds == seconds
        }
        guard let found else { return nil }
        switch found.unit {
        case .submission: return found.credits
        case .image: return count.map { found.credits * $0 }
        }
    }

    private static let all = chinaPictures + chinaVideos + edits + international

    private static let chinaPictures = [
        picture("jimeng-5.0-pro", "2k", 8), picture("jimeng-5.0-flash", "2k", 3), picture("jimeng-5.0", "4k", 4),
        picture("jimeng-mj82", "1k", 5), picture("jimeng-mj82", "2k", 7),
        MeasuredPrice(
            model: "jimeng-5.0", form: .references, isChina: true, resolution: "2k", credits: 3, unit: .submission),
    ]

    private static let chinaVideos = [
        video("jimeng-video-2.5", "720p", 5, 60), video("seedance-2.5-draft", "480p", 5, 45),
        video("jimeng-video-seedance-2.0-vip", "720p", 5, 70),
        video("jimeng-video-seedance-2.0-fast-vip", "720p", 5, 30),
        video("jimeng-video-seedance-2.0-mini", "720p", 4, 24),
    ]

    private static let edits = [
        MeasuredPrice(model: "upscale", form: .edit, isChina: true, credits: 0, unit: .submission),
        MeasuredPrice(
            model: "smart-upscale", form: .edit, isChina: true, resolution: "2k", credits: 1, unit: .submission),
        MeasuredPrice(model: "outpaint", form: .edit, isChina: true, credits: 1, unit: .image),
    ]

    /// The international price book of June 2026, its rows for pictures.
    private static let international = [
        picture("jimeng-5.0", "2k", 15, isChina: false), picture("jimeng-5.0", "4k", 20, isChina: false),
        picture("jimeng-4.5", "2k", 15, isChina: false), picture("jimeng-4.5", "4k", 20, isChina: false),
        picture("jimeng-4.6", "2k", 5, isChina: false), picture("jimeng-4.6", "4k", 10, isChina: false),
        picture("jimeng-4.1", "2k", 5, isChina: false), picture("jimeng-4.1", "4k", 10, isChina: false),
        picture("gpt-image-2", "1k", 3, isChina: false),
    ]

    private static func picture(
        _ model: String, _ resolution: String, _ credits: Int, isChina: Bool = true
    ) -> MeasuredPrice {
        MeasuredPrice(
            model: model, form: .text, isChina: isChina, resolution: resolution, credits: credits, unit: .image)
    }

    private static func video(_ model: String, _ resolution: String, _ seconds: Int, _ credits: Int) -> MeasuredPrice {
        MeasuredPrice(
            model: model, form: .video, isChina: true, resolution: resolution, seconds: seconds, credits: credits,
            unit: .submission)
    }
}
