/// What a gateway key may use and how much of it. An empty collection and nil mean no restriction.
///
/// Stored with the key, so that a new member must be absent in what earlier versions wrote.
package struct KeyRules: Hashable, Sendable {
    /// What it may make.
    package var kinds: Set<MediaKind> = []
    /// Canonical model ids, or the names of tools (`upscale`), that it may use.
    package var models: [String] = []
    /// It uses accounts with any of these tags.
    package var accountTags: [String] = []
    package var regions: Set<Region> = []
    /// Addresses it may be used from.
    package var networks: [IPNetwork] = []
    package var requestsPerMinute: Int?
    /// Generations that have not ended.
    package var jobsAtOnce: Int?
    /// Credits that its generations may cost in a day and in a month.
    package var creditsPerDay: Int?
    package var creditsPerMonth: Int?
    package var scopes = KeyScope.usual

    package init() {}

    /// Whether a generation of this kind with this model (a canonical id, or a tool's name) is allowed.
    package func permits(_ kind: MediaKind, model: String) -> Bool {
        (kinds.isEmpty || kinds.contains(kind)) && (models.isEmpty || models.contains(model))
    }

    /// Whether a request from this address is allowed; nil = unknown.
    package func permits(_ address: IPAddress?) -> Bool {
        guard !networks.isEmpty else { return true }
        guard let address else { return false }
        let judged = address.embeddedVersion4 ?? address
        return networks.contains { $0.contains(judged) }
    }

    // MARK: Bounds

    package static let requestRange = 1...1_000_000
    package static let jobRange = 1...100_000
    package static let creditRange = 0...1_000_000_000
    /// Most entries of each list.
    package static let mostEntries = 100
    /// Most characters of a model's name or a tag.
    package static let longestEntry = 64

    /// - Throws: the first member that is out of bounds; `param` is its name in the admin API.
    package func check() throws(RequestProblem) {
        try Self.check(requestsPerMinute, Self.requestRange, "requests_per_minute")
        try Self.check(jobsAtOnce, Self.jobRange, "jobs_at_once")
        try Self.check(creditsPerDay, Self.creditRange, "credits_per_day")
        try Self.check(creditsPerMonth, Self.creditRange, "credits_per_month")
        try Self.check(models, "models")
        try Self.check(accountTags, "account_tags")
        guard networks.count <= Self.mostEntries else {
            throw .outOfRange("ip_allow_list", 0...Self.mostEntries, got: networks.count)
        }
    }

    private static func check(_ limit: Int?, _ range: ClosedRange<Int>, _ name: String) throws(RequestProblem) {
        guard let limit, !range.contains(limit) else { return }
        throw .outOfRange(name, range, got: limit)
    }

    private static func check(_ entries: [String], _ name: String) throws(RequestProblem) {
        guard entries.count <= mostEntries else { throw .outOfRange(name, 0...mostEntries, got: entries.count) }
        for entry in entries {
            let length = entry.unicodeScalars.count
            guard length <= longestEntry else { throw .tooLong(name, length: length, maximum: longestEntry) }
            guard !entry.trimmingBlanks().isEmpty else { throw .missing(name) }
        }
    }
}

extension KeyRules: Codable {
    private enum CodingKeys: String, CodingKey {
        case kinds, models, accountTags, regions, networks, requestsPerMinute, jobsAtOnce, creditsPerDay
        case creditsPerMonth, scopes
    }

    /// A word that this version does not know is an error: a restriction must not be lost.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        kinds = Set(try values.decodeIfPresent([MediaKind].self, forKey: .kinds) ?? [])
        models = try values.decodeIfPresent([String].self, forKey: .models) ?? []
        accountTags = try values.decodeIfPresent([String].self, forKey: .accountTags) ?? []
        regions = Set(try values.decodeIfPresent([Region].self, forKey: .regions) ?? [])
        networks = try (values.decodeIfPresent([String].self, forKey: .networks) ?? []).map { text in
            guard let network = IPNetwork(text) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .networks, in: values, debugDescription: "not a network")
            }
            return network
        }
        requestsPerMinute = try values.decodeIfPresent(Int.self, forKey: .requestsPerMinute)
        jobsAtOnce = try values.decodeIfPresent(Int.self, forKey: .jobsAtOnce)
        creditsPerDay = try values.decodeIfPresent(Int.self, forKey: .creditsPerDay)
        creditsPerMonth = try values.decodeIfPresent(Int.self, forKey: .creditsPerMonth)
        scopes = Set(try values.decode([KeyScope].self, forKey: .scopes))
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        if !kinds.isEmpty { try values.encode(kinds.map(\.rawValue).sorted(), forKey: .kinds) }
        if !models.isEmpty { try values.encode(models, forKey: .models) }
        if !accountTags.isEmpty { try values.encode(accountTags, forKey: .accountTags) }
        if !regions.isEmpty { try values.encode(regions.map(\.rawValue).sorted(), forKey: .regions) }
        if !networks.isEmpty { try values.encode(networks.map(\.description), forKey: .networks) }
        try values.encodeIfPresent(requestsPerMinute, forKey: .requestsPerMinute)
        try values.encodeIfPresent(jobsAtOnce, forKey: .jobsAtOnce)
        try values.encodeIfPresent(creditsPerDay, forKey: .creditsPerDay)
        try values.encodeIfPresent(creditsPerMonth, forKey: .creditsPerMonth)
        try values.encode(scopes.map(\.rawValue).sorted(), forKey: .scopes)
    }
}
