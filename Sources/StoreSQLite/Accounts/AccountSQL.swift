/// The statements over accounts and leases.
enum AccountSQL {
    private static let columns = """
        id, region, is_sandbox, sealed_credential, preview, created_at, last_used_at, restriction_reason, \
        restricted_until
        """

    static let upsert = """
        INSERT INTO account (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET region = excluded.region, is_sandbox = excluded.is_sandbox, \
        sealed_credential = excluded.sealed_credential, preview = excluded.preview, \
        last_used_at = excluded.last_used_at
        """

    static let byID = "SELECT \(columns) FROM account WHERE id = ?"

    static let after = "SELECT \(columns) FROM account WHERE id > ? ORDER BY id"

    static let restrict = "UPDATE account SET restriction_reason = ?, restricted_until = ? WHERE id = ?"

    static let removeIdle = """
        DELETE FROM account WHERE last_used_at < ? AND id NOT IN (
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
