import GatewayApp
import GatewayCore
import GatewayHTTP
import SiteClient
import Testing

@Suite struct NetworkSettingsTests {
    @Test func `regions have proxies of their own, and the environment counts only when asked for`() async throws {
        var environment = ["JIMENG_NET_PROXY_US": "socks5://u:p@h:1", "HTTPS_PROXY": "proxy.lan:3128"]
        let quiet = try await AppConfiguration.read(flags: [:], environment: environment)
        #expect(quiet.paths.proxies == [.us: Secret("socks5://u:p@h:1")])
        #expect(quiet.paths.environment == nil)
        environment["JIMENG_NET_USE_ENV_PROXY"] = "true"
        let using = try await AppConfiguration.read(
            flags: ["net.proxy.jp": "http://jp"], environment: environment)
        #expect(using.paths.proxies[.jp] == Secret("http://jp"))
        #expect(using.paths.environment == Secret("http://proxy.lan:3128"))
    }

    @Test func `a proxy that can't be used is told by its key, without its text`() async throws {
        let problems = await #expect(throws: ConfigurationProblems.self) {
            _ = try await AppConfiguration.read(
                flags: ["net.proxy.cn": "ftp://me:hunter2@h", "net.use_env_proxy": "true"],
                environment: ["https_proxy": "socks4://me:hunter2@h"])
        }
        let text = problems?.description ?? ""
        #expect(text.contains("net.proxy.cn") && text.contains("https_proxy"))
        #expect(!text.contains("hunter2"))
    }

    @Test func `proxies in front are read as addresses and networks, and every bad one is told`() async throws {
        #expect(try await AppConfiguration.read(flags: [:], environment: [:]).http.trustedProxies.isEmpty)
        let read = try await AppConfiguration.read(
            flags: [:], environment: ["JIMENG_HTTP_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8,fd00::/8"])
        #expect(read.http.trustedProxies.map(\.description) == ["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"])
        let problems = await #expect(throws: ConfigurationProblems.self) {
            _ = try await AppConfiguration.read(
                flags: ["http.trusted_proxies": "10.0.0.0/33,::1,proxy.lan"], environment: [:])
        }
        #expect(problems?.problems.count == 2)
        #expect(problems?.description.contains("10.0.0.0/33") == true)
        #expect(problems?.description.contains("proxy.lan") == true)
    }
}
