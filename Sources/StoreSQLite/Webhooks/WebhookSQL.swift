/// The statements over announcements.
enum WebhookSQL {
    static let insert = """
        INSERT OR IGNORE INTO webhook (generation, attempts, due_at, is_delivered) VALUES (?, 0, ?, 0)
        """

    static let claim = """
        UPDATE webhook SET attempts = attempts + 1, due_at = ? WHERE generation IN (
            SELECT generation FROM webhook WHERE due_at <= ? ORDER BY due_at, generation LIMIT ?)
        RETURNING generation, attempts
        """

    static let earliest = "SELECT min(due_at) FROM webhook WHERE due_at IS NOT NULL"

    static let record = """
        UPDATE webhook SET due_at = ?, settled_at = ?, is_delivered = ?, last_status = ? \
        WHERE generation = ? AND attempts = ? AND due_at IS NOT NULL
        """

    static let byGeneration = "SELECT attempts, due_at, is_delivered, last_status FROM webhook WHERE generation = ?"

    static let remove = "DELETE FROM webhook WHERE generation = ?"

    static let removeSettled = "DELETE FROM webhook WHERE settled_at < ?"
}
