import GRDB
import GatewayCore

/// The statements over kept files.
enum MediaSQL {
    static let enter = """
        INSERT INTO media (id, file_extension, bytes, kept_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET kept_at = max(kept_at, excluded.kept_at), removing_at = NULL
        """

    static let use = "INSERT OR IGNORE INTO media_use (media, generation) VALUES (?, ?)"

    static let dropUses = "DELETE FROM media_use WHERE generation = ?"

    static let usersOf = "SELECT generation FROM media_use WHERE media = ? ORDER BY generation"

    static let dropUsesOf = "DELETE FROM media_use WHERE media = ?"

    static let totals = "SELECT count(*), coalesce(sum(bytes + made_bytes), 0) FROM media WHERE removing_at IS NULL"

    static let condemn = "UPDATE media SET removing_at = ? WHERE id = ?"

    static let condemned = """
        SELECT id, file_extension, bytes + made_bytes, removing_at FROM media
        WHERE removing_at IS NOT NULL ORDER BY removing_at, id LIMIT ?
        """

    static let settle = "DELETE FROM media WHERE id = ? AND removing_at IS NOT NULL"

    static let addMade = "UPDATE media SET made_bytes = made_bytes + ? WHERE id = ?"

    static let setFavourite = "UPDATE media SET is_favourite = ? WHERE id = ? AND removing_at IS NULL"

    private static let isUnused = "NOT EXISTS (SELECT 1 FROM media_use WHERE media_use.media = media.id)"

    private static let columns = "id, file_extension, bytes + made_bytes, kept_at"

    static let unused = "SELECT \(columns) FROM media WHERE id = ? AND removing_at IS NULL AND \(isUnused)"

    static let abandoned = """
        SELECT id FROM media WHERE removing_at IS NULL AND kept_at < ? AND \(isUnused) ORDER BY kept_at, id LIMIT ?
        """

    static let old = """
        SELECT \(columns) FROM media WHERE removing_at IS NULL AND kept_at < ? AND is_favourite = 0
        ORDER BY kept_at, id LIMIT ?
        """

    static let outputs = "SELECT outputs FROM job WHERE id = ?"
}
