/// The statements over accounts and leases.
enum AccountSQL {
    private static let columns = """
        id, region, is_sandbox, sealed_credential, preview, created_at, last_used_at, origin, label, tags, note, \
        is_enabled, health, balance
        """

    private static let insert = """
        INSERT INTO account (\(columns), health_revision, balance_read_at) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static let upsert = """
        \(insert) ON CONFLICT (id) DO UPDATE SET last_used_at = excluded.last_used_at, \
        sealed_credential = iif(origin = 'token', excluded.sealed_credential, sealed_credential), \
        preview = iif(origin = 'token', excluded.preview, preview) RETURNING \(columns)
        """

    static let addToPool = """
        \(insert) ON CONFLICT (id) DO UPDATE SET sealed_credential = excluded.sealed_credential, \
        preview = excluded.preview, origin = excluded.origin, label = excluded.label, tags = excluded.tags, \
        note = excluded.note, is_enabled = excluded.is_enabled WHERE origin = 'token' RETURNING \(columns)
        """

    static let edit = """
        UPDATE account SET label = coalesce(?, label), tags = coalesce(?, tags), note = coalesce(?, note), \
        is_enabled = coalesce(?, is_enabled), sealed_credential = coalesce(?, sealed_credential) \
        WHERE id = ? AND origin = 'pool' RETURNING \(columns)
        """

    static let byID = "SELECT \(columns) FROM account WHERE id = ?"

    static let after = "SELECT \(columns) FROM account WHERE id > ? AND origin = coalesce(?, origin) ORDER BY id"

    static let saveHealth = "UPDATE account SET health = ?, health_revision = ? WHERE id = ? AND health_revision < ?"

    static let saveBalance = """
        UPDATE account SET balance = ?, balance_read_at = ? \
        WHERE id = ? AND coalesce(balance_read_at, ?) <= ?
        """

    /// Jobs that the site has or may have, or whose inputs are on their way there.
    static let jobsUnderWay = """
        SELECT count(*) FROM job WHERE \(JobSQL.isUnfinished) AND account = ? AND state <> 'queued'
        """

    static let remove = "DELETE FROM account WHERE id = ?"

    static let removeUploads = "DELETE FROM upload WHERE account = ?"

    static let removeLease = "DELETE FROM lease WHERE account = ?"

    static let removeIdle = """
        DELETE FROM account WHERE origin = 'token' AND last_used_at < ? AND id NOT IN (
            SELECT account FROM job WHERE \(JobSQL.isUnfinished) AND account IS NOT NULL
            UNION
            SELECT candidate.value FROM job, json_each(job.candidates) AS candidate
            WHERE \(JobSQL.isUnfinished) AND candidate.value IS NOT NULL)
        """

    static let upload = """
        SELECT uri, width, height, duration FROM upload WHERE account = ? AND sha256 = ? AND expires_at > ?
        """

    static let removeExpiredUploads = "DELETE FROM upload WHERE account = ? AND expires_at <= ?"

    static let putUpload = """
        INSERT OR REPLACE INTO upload (account, sha256, uri, width, height, duration, expires_at) \
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """

    static let lease = "SELECT number, holder, expires_at FROM lease WHERE account = ?"

    static let nextLeaseNumber = "UPDATE lease_counter SET last_number = last_number + 1 RETURNING last_number"

    static let putLease = "INSERT OR REPLACE INTO lease (account, number, holder, expires_at) VALUES (?, ?, ?, ?)"

    static let renewLease = "UPDATE lease SET expires_at = ? WHERE account = ? AND number = ?"

    static let releaseLease = "DELETE FROM lease WHERE account = ? AND number = ?"
}
