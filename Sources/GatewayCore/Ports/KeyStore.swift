/// Where gateway keys live. Same laws as ``JobStore``: one transaction a call, time passed in. Two keys never share an id
/// or a digest, predecessors included.
package protocol KeyStore: Sendable {
    /// Throws: ``StoreFault``, kind `conflict` when the id or a digest is taken.
    func insertKey(_ key: GatewayKey) async throws(StoreFault)

    /// All keys, oldest first by (creation, id). One that this version can't read is left out and reported.
    func keys() async throws(StoreFault) -> [GatewayKey]

    /// Writes everything but ``GatewayKey/createdAt`` and ``GatewayKey/lastUsedAt``. `key`: with the revision that was
    /// read.
    /// Returns: the key with its new revision.
    /// Throws: ``StoreFault``, kind `conflict` when the key is gone or has another revision, or a digest is taken.
    func updateKey(_ key: GatewayKey) async throws(StoreFault) -> GatewayKey

    /// Returns whether one was removed.
    func removeKey(_ id: KeyID) async throws(StoreFault) -> Bool

    /// Writes when keys were last used. A time never goes back; a missing key is ignored.
    func saveKeyUses(_ uses: [KeyID: Timestamp]) async throws(StoreFault)
}
