/// A parsed bearer token: the accounts and keys a request may use, in the client's order, duplicates removed
/// (endpoints.md section 2.2).
package struct TokenList: Hashable, Sendable {
    package let items: [TokenItem]
    /// The items as they were written, for the owner's hash.
    private let written: [Secret]

    /// More items than this are refused.
    package static let maximumItems = 200
    private static let maximumItemLength = 4096

    /// Finds the key that a text is the secret of; nil when there is none.
    package typealias KeySearch = (String) throws(RequestProblem) -> GatewayKey?

    /// - Throws: `missing_api_key` for an empty list, `invalid_api_key`, `invalid_proxy`, `sandbox_disabled`,
    ///   `passthrough_disabled`, what `keys` throws; the first item that fails decides.
    package init(
        parsing text: String, policy: TokenPolicy, keys: KeySearch = { _ in nil }
    ) throws(RequestProblem) {
        let entries = try Self.entries(parsing: text, policy: policy, keys: keys)
        items = try entries.map { entry throws(RequestProblem) in try entry.item.get() }
        written = entries.map(\.written)
    }

    private init() {
        items = []
        written = []
    }

    /// Of a request without a token.
    package static let empty = TokenList()

    /// One item of a list, whether or not it can be used.
    package struct Entry: Sendable {
        /// As the client wrote it, without blanks around it.
        package var written: Secret
        package var item: Result<TokenItem, RequestProblem>
    }

    /// The items of a list each by itself, for endpoints where one bad item does not fail the others.
    /// Throws: `missing_api_key` for an empty list, `invalid_api_key` for one that is too long.
    package static func entries(
        parsing text: String, policy: TokenPolicy, keys: KeySearch = { _ in nil }
    ) throws(RequestProblem) -> [Entry] {
        var seen = Set<String>()
        var entries: [Entry] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: true) {
            let item = String(part).trimmingBlanks()
            guard !item.isEmpty, seen.insert(item).inserted else { continue }
            guard entries.count < maximumItems, item.utf8.count <= maximumItemLength else {
                throw RequestProblem(.invalidAPIKey)
            }
            entries.append(
                Entry(
                    written: Secret(item),
                    item: Result { () throws(RequestProblem) in
                        try parse(item, policy: policy, keys: keys)
                    }))
        }
        guard !entries.isEmpty else { throw RequestProblem(.missingAPIKey) }
        return entries
    }

    /// The accounts among the items, in order.
    package var accounts: [TokenAccount] {
        items.compactMap { if case .account(let account) = $0 { account } else { nil } }
    }

    /// The first key among the items that the gateway gave out: it stands for the whole request.
    package var key: GatewayKey? {
        for case .gatewayKey(let key) in items { return key }
        return nil
    }

    /// Whether there is a key of either kind, so that the accounts of the gateway may be used.
    package var hasKey: Bool {
        items.contains { item in
            switch item {
            case .account: false
            case .staticKey, .gatewayKey: true
            }
        }
    }

    /// Who is asking: the key's id, else the same for the same set of items in any order.
    package func owner(using vault: some SecretVault) -> String {
        if let key { return key.id.rawValue }
        return vault.fingerprint(["owner"] + written.map { $0.reveal() }.sorted())
    }

    private static func parse(
        _ item: String, policy: TokenPolicy, keys: KeySearch
    ) throws(RequestProblem) -> TokenItem {
        // Every key is compared in full, so that the time tells nothing about them.
        var isStaticKey = false
        for key in policy.staticKeys where ConstantTime.equal(key.reveal(), item) { isStaticKey = true }
        if isStaticKey { return .staticKey }
        if item.hasPrefix(KeySecret.prefix) {
            guard let key = try keys(item) else { throw RequestProblem(.invalidAPIKey) }
            return .gatewayKey(key)
        }
        let account = try parseAccount(item)
        if account.isSandbox {
            guard policy.allowsSandbox else { throw RequestProblem(.sandboxDisabled) }
        } else {
            guard policy.allowsSessions else { throw RequestProblem(.passthroughDisabled) }
        }
        return .account(account)
    }

    private static func parseAccount(_ item: String) throws(RequestProblem) -> TokenAccount {
        var rest = item[...]
        var region: Region?
        var proxy: Secret?
        // The region may stand before the proxy; one behind it wins.
        if let (outer, remainder) = regionPrefix(of: rest), TokenProxy.looksLikeProxy(remainder) {
            region = outer
            rest = remainder
        }
        if TokenProxy.looksLikeProxy(rest) {
            guard let separator = rest.lastIndex(of: "@") else { throw RequestProblem(.invalidProxy) }
            let left = rest[..<separator]
            rest = rest[rest.index(after: separator)...]
            guard !left.isEmpty, !rest.isEmpty, TokenProxy.isValid(left) else { throw RequestProblem(.invalidProxy) }
            proxy = Secret(String(left))
        }
        if let (inner, remainder) = regionPrefix(of: rest) {
            region = inner
            rest = remainder
        }
        let isSandbox = rest.lowercased().hasPrefix("sandbox-")
        guard !rest.isEmpty, rest.utf8.count > (isSandbox ? 8 : 0) else { throw RequestProblem(.missingAPIKey) }
        // Visible ASCII only, and nothing that could end or extend a cookie.
        guard rest.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !rest.contains(where: { "@;\"".contains($0) })
        else {
            throw RequestProblem(.invalidAPIKey)
        }
        return TokenAccount(
            region: region ?? .cn, session: Secret(String(rest)), proxy: isSandbox ? nil : proxy, isSandbox: isSandbox)
    }

    private static func regionPrefix(of text: Substring) -> (Region, Substring)? {
        guard text.utf8.count >= 3, let dash = text.firstIndex(of: "-"),
            let region = Region(rawValue: text[..<dash].lowercased())
        else { return nil }
        return (region, text[text.index(after: dash)...])
    }
}

/// Comparison that takes the same time wherever two texts differ.
package enum ConstantTime {
    package static func equal(_ left: String, _ right: String) -> Bool {
        let leftBytes = Array(left.utf8)
        let rightBytes = Array(right.utf8)
        guard !leftBytes.isEmpty else { return rightBytes.isEmpty }
        var difference = leftBytes.count == rightBytes.count ? UInt8(0) : 1
        for (index, byte) in rightBytes.enumerated() { difference |= byte ^ leftBytes[index % leftBytes.count] }
        return difference == 0
    }
}
