extension StoredAccount {
    /// The form for the store.
    init(sealing credential: AccountCredential, with vault: any SecretVault, at now: Timestamp) throws {
        self.init(
            id: credential.id, region: credential.region, isSandbox: credential.isSandbox,
            sealedCredential: try credential.sealed(with: vault),
            preview: Self.preview(of: credential.session.reveal()), createdAt: now, lastUsedAt: now)
    }

    func unsealed(with vault: any SecretVault) throws -> AccountCredential {
        let parts = try vault.open(sealedCredential).reveal().split(
            separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        let proxy = parts.count > 1 ? String(parts[1]) : ""
        return AccountCredential(
            id: id, region: region, session: Secret(String(parts[0])), proxy: proxy.isEmpty ? nil : Secret(proxy),
            isSandbox: isSandbox)
    }

    /// The last four characters, or nothing of a session that is too short to hide the rest.
    static func preview(of session: String) -> String {
        session.count < 12 ? "****" : "****\(session.suffix(4))"
    }
}

extension AccountCredential {
    /// Session and proxy are sealed together, separated by a line feed, which neither may hold.
    func sealed(with vault: any SecretVault) throws -> [UInt8] {
        try vault.seal(Secret(session.reveal() + "\n" + (proxy?.reveal() ?? "")))
    }
}
