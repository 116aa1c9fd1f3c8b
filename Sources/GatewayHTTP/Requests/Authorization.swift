import GatewayCore
import HTTPTypes
import Hummingbird
import NIOCore

/// Reads who is asking (endpoints.md sections 2.1 to 2.3).
struct Authorization: Sendable {
    let services: Boxed<GatewayServices>
    let configuration: Boxed<HTTPConfiguration>
    private let meter = RequestMeter()

    /// Owner of what is made without any token, where that is allowed.
    private static let nobody = "open"

    init(services: Boxed<GatewayServices>, configuration: Boxed<HTTPConfiguration>) {
        self.services = services
        self.configuration = configuration
    }

    /// A request that asks for work counts against the limit of its key; one that only looks does not.
    /// `scope`: what the key must be allowed to do; nil = any key will do.
    /// - Throws: as ``TokenList``; `missing_api_key` when there is no header or its scheme is another than Bearer;
    ///   `insufficient_scope`, `ip_not_allowed`, `rate_limit_exceeded`; `invalid_value` and `account_not_found` for the
    ///   headers that choose accounts.
    func caller(
        of request: Request, _ context: GatewayRequestContext, for scope: KeyScope?
    ) throws(RequestProblem) -> Caller {
        guard let text = list(in: request.headers) else {
            guard configuration.isOpen, request.headers[.authorization] == nil else {
                throw RequestProblem(.missingAPIKey)
            }
            let caller = try caller(named: Self.nobody, TokenList.empty, KeyScope.usual, nil, request.headers)
            try demand(scope, of: caller.scopes)
            return caller
        }
        let tokens = try TokenList(parsing: text, policy: configuration.tokens, keys: search)
        if let key = tokens.key { try admit(key, request, context, counts: scope == .generate) }
        let scopes = tokens.key?.rules.scopes ?? KeyScope.client
        try demand(scope, of: scopes)
        return try caller(
            named: tokens.owner(using: services.vault), tokens, scopes, tokens.key, request.headers)
    }

    /// The list as it was sent; nil when there is none or its scheme is another than Bearer.
    func list(in headers: HTTPFields) -> String? {
        guard let header = headers[.authorization] else { return headers[.xAPIKey] }
        return Self.list(in: header)
    }

    /// The items of a list each by itself. What its keys may do is not looked at.
    func entries(in list: String) throws(RequestProblem) -> [TokenList.Entry] {
        try TokenList.entries(parsing: list, policy: configuration.tokens, keys: search)
    }

    /// - Throws: `ip_not_allowed`; `rate_limit_exceeded` when the request counts.
    func admit(
        _ key: GatewayKey, _ request: Request, _ context: GatewayRequestContext, counts: Bool
    ) throws(RequestProblem) {
        if !key.rules.networks.isEmpty {
            let client = ProxyTrust(configuration).client(context.peer, forwardedFor: request.headers[.xForwardedFor])
            guard key.rules.permits(client) else { throw RequestProblem(.ipNotAllowed) }
        }
        guard counts, let limit = key.rules.requestsPerMinute else { return }
        let verdict = meter.take(key.id, limit: limit, at: services.time.now)
        context.notes.set(RateHeaders.fields(of: verdict))
        guard let wait = verdict.retryAfter else { return }
        throw RequestProblem(
            .rateLimitExceeded,
            values: [
                .limit: PlaceholderText("\(limit)"), .window: PlaceholderText(english: "minute", chinese: "分钟"),
                .seconds: PlaceholderText("\((wait.wholeMilliseconds + 999) / 1000)"),
            ], retryAfter: wait)
    }

    func demand(_ scope: KeyScope?, of scopes: Set<KeyScope>) throws(RequestProblem) {
        guard let scope, !scope.isIn(scopes) else { return }
        throw RequestProblem(.insufficientScope, values: [.scope: PlaceholderText(scope.rawValue)])
    }

    /// What the pool has for a key; nil stands for a configured key or for nobody.
    func poolAccounts(for key: GatewayKey?, _ query: PoolQuery = PoolQuery()) -> [AccountCredential] {
        var query = query
        if let rules = key?.rules {
            query.tags = Set(rules.accountTags)
            if !rules.regions.isEmpty { query.regions = query.regions?.intersection(rules.regions) ?? rules.regions }
        }
        return services.pool?.candidates(for: query) ?? []
    }

    // MARK: Parts

    private func search(_ text: String) throws(RequestProblem) -> GatewayKey? {
        try services.keys?.key(for: text)
    }

    private func caller(
        named owner: String, _ tokens: TokenList, _ scopes: Set<KeyScope>, _ key: GatewayKey?, _ headers: HTTPFields
    ) throws(RequestProblem) -> Caller {
        var accounts = tokens.accounts.map { $0.credential(using: services.vault) }
        if tokens.hasKey || tokens.items.isEmpty {
            var query = PoolQuery()
            if let region = headers[.xJimengRegion] {
                guard let region = Region(rawValue: region.lowercased()) else {
                    throw .invalidValue("x-jimeng-region", got: region, allowed: Region.allCases.map(\.rawValue))
                }
                query.regions = [region]
            }
            if let account = headers[.xJimengAccount] {
                try demand(.pinAccounts, of: scopes)
                query.account = AccountID(rawValue: account)
            }
            let pool = poolAccounts(for: key, query)
            if let account = query.account {
                guard !pool.isEmpty else {
                    throw RequestProblem(.accountNotFound, values: [.id: .echo(account.rawValue)])
                }
                accounts = []
            }
            accounts += pool
        }
        var seen: Set<AccountID> = []
        return Caller(
            owner: owner, accounts: accounts.filter { seen.insert($0.id).inserted }, key: key, scopes: scopes)
    }

    /// The list behind `Bearer`, or the bare value; nil for another scheme.
    private static func list(in header: String) -> String? {
        let value = header.trimmingBlanks()
        guard let blank = value.firstIndex(where: { $0 == " " || $0 == "\t" }) else {
            return value.lowercased() == "bearer" ? nil : value
        }
        let word = value[..<blank]
        if word.lowercased() == "bearer" { return String(value[value.index(after: blank)...]) }
        // A blank after a comma belongs to a list; a bare word before a blank is a scheme.
        return word.contains(",") ? value : nil
    }
}
