/// What a picture or a second costs at most, for budgets that must hold although a price is not known. No quote: for most
/// models these are far too high. From the dearest rows of `models-newest.json` (its `measured_credits` and the
/// international price book); what nobody measured in China is scaled as the international book scales it.
package enum CautiousPrice {
    /// In China 8 at 2k (5.0 Pro), and twice that above, as 4k costs at most twice as much in the international book.
    package static func perPicture(region: SiteRegion, resolution: String?) -> Int {
        let isSmall = ["1k", "1.5k", "2k"].contains(resolution)
        if region == .cn { return isSmall ? 8 : 16 }
        return isSmall ? 26 : 53
    }

    /// In China 20 at 720p (2.5, 100 shown for 5 s); a half of that at 480p, two and a half times at 1080p and five times
    /// at 4k as in the international book. `takesVideos`: the book then asks twice as much.
    package static func perSecond(region: SiteRegion, resolution: String?, takesVideos: Bool) -> Int {
        let isChina = region == .cn
        let credits =
            switch resolution {
            case "360p", "480p": isChina ? 10 : 20
            case "540p", "720p", "768p": isChina ? 20 : 86
            // Without a name the site chooses, and never more than this.
            case "1080p", nil: isChina ? 50 : 107
            default: isChina ? 105 : 224
            }
        return takesVideos ? 2 * credits : credits
    }
}
