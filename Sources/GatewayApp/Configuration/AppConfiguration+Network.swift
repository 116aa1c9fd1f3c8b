import GatewayCore
import SiteClient

extension AppConfiguration {
    /// Proxies by region, and whether those of the process's environment count (endpoints.md section 2.3).
    mutating func readNetwork(_ settings: inout SettingsReader, environment: [String: String]) {
        for region in Region.allCases {
            let key = "net.proxy.\(region.rawValue)"
            guard let proxy = settings.string(key, isSecret: true).map({ Secret($0) }) else { continue }
            paths.proxies[region] = proxy
            // Without the text: it may hold a password.
            if !NetworkPaths.isUsable(proxy) { settings.report("\(key) must be \(Self.proxyForm)") }
        }
        guard settings.flag("net.use_env_proxy") == true else { return }
        // The site is spoken to by https.
        let names = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy", "HTTP_PROXY"]
        guard let name = names.first(where: { environment[$0]?.isEmpty == false }), let text = environment[name] else {
            return
        }
        let proxy = Secret(text.contains("://") ? text : "http://" + text)
        paths.environment = proxy
        if !NetworkPaths.isUsable(proxy) { settings.report("\(name) must be \(Self.proxyForm)") }
    }

    private static let proxyForm = "scheme://[user:password@]host[:port] with http, https, socks5 or socks4"
}
