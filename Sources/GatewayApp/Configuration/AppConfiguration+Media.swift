import GatewayCore
import GatewayHTTP
import SiteWire

extension AppConfiguration {
    /// What is kept of results, for how long, and whose links answers carry.
    mutating func readMedia(_ settings: inout SettingsReader) {
        let keep = settings.flag("media.keep")
        let archive = settings.flag("media.archive")
        if let keep, let archive, keep != archive {
            settings.report("media.keep and media.archive are two names of one setting and must not differ")
        }
        engine.archivesMedia = keep ?? archive ?? true
        makesPreviews = settings.flag("media.previews") ?? true
        if let days = settings.integer("media.max_days", in: 0...36_500), days > 0 {
            retention.maximumAge = .seconds(days * 86_400)
            http.mediaMaximumAge = retention.maximumAge
        }
        if let bytes = settings.integer("media.max_bytes", in: 0...Int.max), bytes > 0 {
            retention.maximumBytes = Int64(bytes)
        }
        http.mediaLinks =
            settings.choice("media.url_mode", HTTPConfiguration.MediaLinkMode.allCases.map { ($0.rawValue, $0) })
            ?? .auto
        if let text = settings.string("media.public_base_url") {
            http.publicBaseURL = SiteBaseURL(text)?.text
            if http.publicBaseURL == nil {
                settings.report("media.public_base_url must be http(s)://host[:port][/path]")
            }
        }
    }
}
