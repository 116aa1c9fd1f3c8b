import Configuration
import GatewayCore
import GatewayHTTP
import Logging
import SiteClient
import SiteWire

extension AppConfiguration {
    /// Reads flags, environment, configuration files and defaults, in this order of precedence.
    /// `flags`: keys and values given on the command line.
    /// `environment`: normally the process's own.
    /// `files`: paths of YAML files; a later one is stronger.
    /// Throws: ``ConfigurationProblems`` naming every setting that can't be used.
    package static func read(
        flags: [String: String], environment: [String: String], files: [String] = []
    ) async throws -> AppConfiguration {
        let sources = try await SettingSources(flags: flags, environment: environment, files: files)
        var settings = SettingsReader(reader: ConfigReader(providers: sources.providers))
        var configuration = AppConfiguration()
        configuration.readServer(&settings)
        configuration.readUpstream(&settings)
        configuration.readNetwork(&settings, environment: environment)
        configuration.readAPI(&settings)
        configuration.readChat(&settings)
        configuration.readHints(&settings)
        configuration.readEngine(&settings)
        configuration.readFetching(&settings)
        configuration.readInputs(&settings)
        configuration.readMedia(&settings)
        configuration.readBucket(&settings, environment: environment)
        configuration.readOlderNames(&settings)
        let unread = sources.unread(known: settings.known)
        configuration.remarks += unread.remarks
        let problems = settings.problems + unread.problems
        guard problems.isEmpty else { throw ConfigurationProblems(problems: problems) }
        return configuration
    }

    private mutating func readServer(_ settings: inout SettingsReader) {
        host = settings.string("http.host") ?? host
        // `port` alone: the older service.yml of the field.
        let older = settings.integer("port", in: 0...65535)
        port = settings.integer("http.port", in: 0...65535) ?? older ?? port
        for text in settings.list("http.extra_ports") ?? [] {
            guard let number = Int(text), (1...65535).contains(number) else {
                settings.report("http.extra_ports holds \"\(text)\", which is no port")
                continue
            }
            extraPorts.append(number)
        }
        dataFolder = settings.string("data.dir") ?? dataFolder
        if let text = settings.string("secret.key", isSecret: true) {
            secretKey = Secret(text)
            if text.count < KeyVault.shortestText {
                settings.report("secret.key must have at least \(KeyVault.shortestText) characters")
            }
        }
        if settings.string("database.url") != nil {
            settings.report("database.url: this build keeps its data in SQLite in data.dir; leave the key out")
        }
        readLogging(&settings)
        isSandboxEnabled = settings.flag("sandbox.enabled") ?? Self.isLoopback(host)
        sandboxSpeed = settings.number("sandbox.speed", in: 0.001...1000) ?? sandboxSpeed
        if let seconds = settings.number("sandbox.run_seconds", in: 0...3600) {
            sandboxRunTime = .milliseconds(Int64(seconds * 1000))
        }
        if let seconds = settings.integer("http.shutdown_seconds", in: 1...600) { shutdownGrace = .seconds(seconds) }
    }

    private mutating func readLogging(_ settings: inout SettingsReader) {
        let levels: [(String, Logger.Level)] = [
            ("error", .error), ("warning", .warning), ("warn", .warning), ("info", .info), ("debug", .debug),
            ("trace", .trace),
        ]
        if settings.flag("debug") == true { logLevel = .debug }
        logLevel = settings.choice("log_level", levels) ?? logLevel
        logLevel = settings.choice("log.level", levels) ?? logLevel
        logFormat = settings.choice("log.format", LineLogHandler.Format.allCases.map { ($0.rawValue, $0) })
        let older = settings.flag("requestLog")
        http.logsRequests = settings.flag("log.requests") ?? older ?? true
        logFile = settings.string("log.file")
    }

    private mutating func readUpstream(_ settings: inout SettingsReader) {
        let olderBase = settings.string("base_url")
        if let text = settings.string("upstream.base_url") ?? olderBase {
            upstreamBase = SiteBaseURL(text)
            if upstreamBase == nil {
                settings.report("upstream.base_url must be http(s)://host[:port][/path], not \"\(text)\"")
            }
        }
        versions.app = settings.string("upstream.appvr") ?? versions.app
        versions.draftAgent = settings.string("upstream.da_version") ?? versions.draftAgent
        versions.web = settings.string("upstream.web_version") ?? versions.web
        versions.appSDK = settings.string("upstream.app_sdk_version") ?? versions.appSDK
        versions.chrome = settings.string("upstream.chrome_version") ?? versions.chrome
        let olderID = settings.integer("aid", in: 1...Int(Int32.max))
        versions.chinaApplicationID = settings.integer("upstream.aid", in: 1...Int(Int32.max)) ?? olderID
        if let seconds = settings.integer("upstream.submit_timeout_seconds", in: 5...600) {
            submitDeadline = .seconds(seconds)
        }
        if let seconds = settings.integer("upstream.poll_timeout_seconds", in: 2...600) {
            pollDeadline = .seconds(seconds)
        }
        if let seconds = settings.integer("upstream.lookup_seconds", in: 2...86_400) {
            engine.machine.lookUpWindow = .seconds(seconds)
        }
        if let seconds = settings.integer("upstream.stall_seconds", in: 1...86_400) {
            engine.machine.imageStall = .seconds(seconds)
            engine.machine.videoStall = .seconds(seconds)
        }
        if let floor = settings.integer("upstream.poll_floor_ms", in: 0...60_000) {
            engine.poll.floor = .milliseconds(floor)
        }
        if let ceiling = settings.integer("upstream.poll_ceiling_ms", in: 1000...600_000) {
            engine.poll.ceiling = .milliseconds(ceiling)
        }
        engine.poll.batch = settings.integer("upstream.poll_batch", in: 1...200) ?? engine.poll.batch
    }

    private mutating func readAPI(_ settings: inout SettingsReader) {
        http.tokens.allowsSessions = settings.flag("auth.allow_session_tokens") ?? true
        http.tokens.allowsSandbox = isSandboxEnabled
        http.tokens.staticKeys = (settings.list("auth.static_keys", isSecret: true) ?? []).map { Secret($0) }
        http.isOpen = settings.choice("auth.mode", [("required", false), ("open", true)]) ?? false
        http.modelsArePublic = settings.flag("auth.public_models") ?? true
        http.metricsArePublic = settings.flag("metrics.public") ?? false
        http.corsOrigins = settings.list("cors.origins") ?? []
        http.trustsForwardedHeaders = settings.flag("http.trust_forwarded") ?? false
        for text in settings.list("http.trusted_proxies") ?? [] {
            if let network = IPNetwork.reading(text) {
                http.trustedProxies.append(network)
            } else {
                settings.report(
                    "http.trusted_proxies must be addresses and networks such as 10.0.0.0/8 or fd00::/8, not \"\(text)\""
                )
            }
        }
        http.keepsJSONAlive = settings.flag("http.json_keepalive") ?? false
        http.sendsProcessing = settings.flag("http.informational_keepalive") ?? false
        if let seconds = settings.integer("http.sync_wait_seconds", in: 1...86_400) {
            http.imageWaitLimit = .seconds(seconds)
            http.videoWaitLimit = .seconds(seconds)
        }
        http.timeoutAnswer =
            settings.choice(
                "http.sync_timeout_answer", HTTPConfiguration.TimeoutAnswer.allCases.map { ($0.rawValue, $0) })
            ?? .error
        if let bytes = settings.integer("limits.json_bytes", in: 1024...(1 << 30)) { http.bodyLimit = bytes }
        http.locale = settings.choice("locale", Language.allCases.map { ($0.rawValue, $0) }) ?? .english
        http.creditsStatus =
            settings.choice("errors.credits_status", [("429", .tooManyRequests), ("402", .paymentRequired)])
            ?? .tooManyRequests
        http.exposesUpstream = settings.flag("errors.expose_upstream") ?? true
        http.images.defaultCount =
            settings.choice(
                "images.default_count", [("site", nil)] + (1...8).map { (String($0), $0 as Int?) }) ?? nil
        http.images.defaultResponseFormat =
            settings.choice(
                "images.default_response_format",
                [("auto", nil), ("url", .url), ("b64_json", .base64)] as [(String, ImageResponseFormat?)]
            ) ?? nil
        http.images.unknownModelsFallBack =
            settings.choice("models.unknown", [("error", false), ("default", true)]) ?? false
        http.images.openAIAliases = settings.flag("models.openai_aliases") ?? true
        http.images.refusesSizeParameters =
            settings.choice("compat.size_params", [("map", false), ("reject", true)]) ?? false
        usesManualSizes = settings.choice("compat.size_table", [("site", false), ("seed", true)]) ?? false
        http.images.ignoresTransparency =
            settings.choice("compat.transparent", [("refuse", false), ("ignore", true)]) ?? false
    }

    private mutating func readFetching(_ settings: inout SettingsReader) {
        fetch.allowsPrivateNetworks = settings.flag("fetch.allow_private_networks") ?? false
        fetch.allowedHosts = Set(settings.list("fetch.allowed_hosts") ?? [])
        if let texts = settings.list("fetch.ports") {
            let ports = texts.compactMap { Int($0) }.filter { (1...65535).contains($0) }
            if ports.count < texts.count { settings.report("fetch.ports must be ports, 1 to 65535") }
            fetch.ports = Set(ports)
        }
        if let text = settings.string("webhooks.secret", isSecret: true) {
            webhooks.secret = Secret(text)
            if WebhookSecret(Secret(text)) == nil {
                settings.report("webhooks.secret must be whsec_ followed by the base64 of 16 to 64 bytes")
            }
        }
    }

    private mutating func readEngine(_ settings: inout SettingsReader) {
        if let minutes = settings.integer("accounts.check_minutes", in: 0...10_080) {
            accountChecks = minutes == 0 ? nil : CheckPlan(interval: .seconds(minutes * 60))
        }
        if let count = settings.integer("accounts.max_images", in: 0...10_000), count > 0 {
            engine.maximumInFlight[.image] = count
        }
        if let count = settings.integer("accounts.max_videos", in: 0...10_000), count > 0 {
            engine.maximumInFlight[.video] = count
        }
        engine.pick = settings.choice("pool.pick", AccountChooser.Pick.allCases.map { ($0.rawValue, $0) }) ?? .fewest
        engine.maximumActiveJobs =
            settings.integer("limits.active_generations", in: 1...1_000_000) ?? engine.maximumActiveJobs
        engine.machine.maximumAge =
            settings.duration("generations.max_age", in: .seconds(600)...(.seconds(30 * 86_400)))
            ?? engine.machine.maximumAge
        if let seconds = settings.integer("credits.settle_seconds", in: 1...86_400) {
            engine.settlement.firstLook = .seconds(seconds)
        }
        if let seconds = settings.integer("credits.settle_gap_seconds", in: 1...86_400) {
            engine.settlement.gap = .seconds(seconds)
        }
        engine.claimsDailyCredits = settings.flag("credits.auto_claim") ?? true
    }

    /// Constants that manuals of earlier gateways name. How reads are repeated and generations watched is decided by
    /// their class and by the site's forecast; only what has a counterpart here has an effect.
    private mutating func readOlderNames(_ settings: inout SettingsReader) {
        if let milliseconds = settings.integer("polling.interval_ms", in: 1000...600_000) {
            engine.poll.imageCeiling = .milliseconds(milliseconds)
        }
        if let seconds = settings.integer("polling.timeout_s", in: 1...86_400) {
            if settings.string("http.sync_wait_seconds") == nil { http.imageWaitLimit = .seconds(seconds) }
        }
        _ = settings.integer("retry.max", in: 0...100)
        _ = settings.integer("retry.delay_ms", in: 0...600_000)
        _ = settings.integer("polling.max_count", in: 1...1_000_000)
        _ = settings.integer("polling.stable_rounds", in: 0...1000)
    }
}
