/// The statements over gateway keys. Their order of columns is that of ``GatewayKey/init(row:)``.
enum KeySQL {
    private static let columns = """
        id, name, preview, digest, predecessor, predecessor_until, is_enabled, expires_at, rules, created_at, \
        last_used_at, revision
        """

    /// Adds the key unless one of its digests is taken, as a present or a former one.
    static let insert = """
        INSERT INTO gateway_key (\(columns)) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
        WHERE NOT EXISTS (SELECT 1 FROM gateway_key WHERE digest IN (?, ?) OR predecessor IN (?, ?))
        """

    static let all = "SELECT \(columns) FROM gateway_key ORDER BY created_at, id"

    static let update = """
        UPDATE gateway_key SET name = ?, preview = ?, digest = ?, predecessor = ?, predecessor_until = ?, \
        is_enabled = ?, expires_at = ?, rules = ?, revision = revision + 1
        WHERE id = ? AND revision = ? AND NOT EXISTS (
            SELECT 1 FROM gateway_key AS other
            WHERE other.id <> gateway_key.id AND (other.digest IN (?, ?) OR other.predecessor IN (?, ?)))
        """

    static let one = "SELECT \(columns) FROM gateway_key WHERE id = ?"

    static let remove = "DELETE FROM gateway_key WHERE id = ?"

    static let use = """
        UPDATE gateway_key SET last_used_at = ?1 WHERE id = ?2 AND (last_used_at IS NULL OR last_used_at < ?1)
        """
}
