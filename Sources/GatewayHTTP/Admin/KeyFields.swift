import GatewayCore
import WireJSON

/// What a request says about a key. Fields that are absent leave the key as it is; null takes a limit away.
struct KeyFields: Sendable {
    private var fields: RequestFields

    init(_ fields: RequestFields) {
        self.fields = fields
    }

    private func has(_ name: String) -> Bool { fields.object[name] != nil }

    /// - Throws: ``RequestProblem``: `invalid_type`, `invalid_value`. Bounds are ``KeyRules``' own.
    func apply(to draft: inout KeyDraft, models: ModelCatalogue) throws(RequestProblem) {
        var fields = fields
        if let name = try fields.string("name") { draft.name = name.trimmingBlanks() }
        if let isEnabled = try fields.bool("enabled") { draft.isEnabled = isEnabled }
        if has("expires_at") { draft.expiresAt = try instant(try fields.string("expires_at")) }
        if has("requests_per_minute") { draft.rules.requestsPerMinute = try fields.integer("requests_per_minute") }
        if has("jobs_at_once") { draft.rules.jobsAtOnce = try fields.integer("jobs_at_once") }
        if has("credits_per_day") { draft.rules.creditsPerDay = try fields.integer("credits_per_day") }
        if has("credits_per_month") { draft.rules.creditsPerMonth = try fields.integer("credits_per_month") }
        if let texts = try texts("kinds") { draft.rules.kinds = Set(try words(texts, "kinds", MediaKind.self)) }
        if let texts = try texts("regions") { draft.rules.regions = Set(try words(texts, "regions", Region.self)) }
        if let texts = try texts("scopes") { draft.rules.scopes = Set(try words(texts, "scopes", KeyScope.self)) }
        if let texts = try texts("account_tags") { draft.rules.accountTags = texts }
        if let texts = try texts("models") {
            // Other names of a model mean it; the tools have names of their own.
            draft.rules.models = texts.map { models.model(named: $0)?.id ?? $0 }
        }
        if let texts = try texts("ip_allow_list") {
            var networks: [IPNetwork] = []
            for text in texts {
                guard let network = IPNetwork.reading(text) else {
                    throw .invalidValue(
                        "ip_allow_list", got: text, allowed: ["192.0.2.1", "10.0.0.0/8", "2001:db8::/32"])
                }
                networks.append(network)
            }
            draft.rules.networks = networks
        }
    }

    private func instant(_ text: String?) throws(RequestProblem) -> Timestamp? {
        guard let text, !text.trimmingBlanks().isEmpty else { return nil }
        guard let instant = Timestamp(iso8601: text.trimmingBlanks()) else {
            throw .invalidValue("expires_at", got: text, allowed: ["2026-12-31", "2026-12-31T18:00:00+08:00"])
        }
        return instant
    }

    /// Null is an empty list; one text is a list of it.
    private func texts(_ name: String) throws(RequestProblem) -> [String]? {
        guard let value = fields.object[name] else { return nil }
        let elements: [JSONValue]
        switch value {
        case .null: elements = []
        case .array(let array): elements = array
        default: elements = [value]
        }
        guard elements.count <= KeyRules.mostEntries else {
            throw .outOfRange(name, 0...KeyRules.mostEntries, got: elements.count)
        }
        var texts: [String] = []
        for element in elements {
            guard let text = element.string else {
                throw RequestProblem(
                    .invalidType, param: name,
                    values: [
                        .want: PlaceholderText(english: "an array of strings", chinese: "字符串数组"),
                        .got: PlaceholderText(english: "something else", chinese: "其他类型"),
                    ])
            }
            texts.append(text.trimmingBlanks())
        }
        return texts
    }

    private func words<Word: RawRepresentable<String> & CaseIterable>(
        _ texts: [String], _ name: String, _ type: Word.Type
    ) throws(RequestProblem) -> [Word] {
        var words: [Word] = []
        for text in texts {
            guard let word = Word(rawValue: text) else {
                throw .invalidValue(name, got: text, allowed: Word.allCases.map(\.rawValue))
            }
            words.append(word)
        }
        return words
    }
}
