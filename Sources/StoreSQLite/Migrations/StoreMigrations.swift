import GRDB

/// Every shape the database ever had, oldest first. A migration that was released is never changed; the next one is
/// appended. They speak SQL only, so that later changes of the program's types can't change them.
enum StoreMigrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1") { db in try db.execute(sql: version1) }
        migrator.registerMigration("v2") { db in try db.execute(sql: version2) }
        migrator.registerMigration("v3") { db in try db.execute(sql: version3) }
        migrator.registerMigration("usage") { db in try db.execute(sql: usage) }
        migrator.registerMigration("kept media") { db in try db.execute(sql: keptMedia) }
        migrator.registerMigration("account-pool") { db in try db.execute(sql: accountPool) }
        migrator.registerMigration("gateway keys") { db in try db.execute(sql: gatewayKeys) }
        migrator.registerMigration("reservations") { db in try db.execute(sql: reservations) }
        return migrator
    }

    /// Times are milliseconds since 1970. `request`, `refusals`, `outputs` and `fault` hold JSON, the last three only
    /// when there is something to say. Idempotency keys are not unique by index, because a key may be used again after
    /// a day or after a failure; the search and the insertion share one transaction of the only writer.
    private static let version1 = """
        CREATE TABLE job (
            id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
            owner TEXT NOT NULL,
            kind TEXT NOT NULL,
            model TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN (
                'queued', 'preparing', 'submitting', 'unknown', 'running',
                'succeeded', 'partial', 'failed', 'canceled')),
            revision INTEGER NOT NULL CHECK (revision >= 0),
            account TEXT,
            region TEXT,
            submit_id TEXT,
            history_id TEXT,
            submissions INTEGER NOT NULL CHECK (submissions >= 0),
            not_before INTEGER,
            cancel_requested INTEGER NOT NULL CHECK (cancel_requested IN (0, 1)),
            started_at INTEGER,
            submitted_at INTEGER,
            completed_at INTEGER,
            refusals TEXT,
            outputs TEXT,
            fault TEXT,
            fingerprint TEXT NOT NULL,
            idempotency_key TEXT,
            candidates TEXT NOT NULL CHECK (json_valid(candidates)),
            request TEXT NOT NULL
        ) STRICT;
        CREATE INDEX job_unfinished ON job (id)
            WHERE state IN ('queued', 'preparing', 'submitting', 'unknown', 'running');
        CREATE INDEX job_by_time ON job (created_at, id);
        CREATE INDEX job_by_owner ON job (owner, created_at, id);
        CREATE INDEX job_by_fingerprint ON job (owner, fingerprint, created_at, id);
        CREATE INDEX job_by_idempotency_key ON job (owner, idempotency_key, created_at, id)
            WHERE idempotency_key IS NOT NULL;

        CREATE TABLE account (
            id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
            region TEXT NOT NULL,
            is_sandbox INTEGER NOT NULL CHECK (is_sandbox IN (0, 1)),
            sealed_credential BLOB NOT NULL,
            preview TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            last_used_at INTEGER NOT NULL,
            restriction_reason TEXT,
            restricted_until INTEGER,
            CHECK ((restriction_reason IS NULL) = (restricted_until IS NULL))
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE lease (
            account TEXT NOT NULL PRIMARY KEY,
            number INTEGER NOT NULL,
            holder TEXT NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE lease_counter (
            only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
            last_number INTEGER NOT NULL
        ) STRICT;
        INSERT INTO lease_counter (only_row, last_number) VALUES (1, 0);

        CREATE TABLE run_time (
            model TEXT NOT NULL,
            resolution TEXT NOT NULL,
            mean REAL NOT NULL,
            deviation REAL NOT NULL,
            samples INTEGER NOT NULL CHECK (samples >= 0),
            PRIMARY KEY (model, resolution)
        ) STRICT, WITHOUT ROWID;
        """

    /// Where an account's inputs are at the site, by the SHA-256 of their bytes.
    private static let version2 = """
        CREATE TABLE upload (
            account TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            uri TEXT NOT NULL,
            width INTEGER,
            height INTEGER,
            duration INTEGER,
            expires_at INTEGER NOT NULL,
            PRIMARY KEY (account, sha256)
        ) STRICT, WITHOUT ROWID;
        """

    /// Announcements of ended jobs. An open one has `due_at`, a settled one `settled_at`. Where they go stands sealed in
    /// the job's `request`.
    private static let version3 = """
        CREATE TABLE webhook (
            generation TEXT NOT NULL PRIMARY KEY CHECK (generation <> ''),
            attempts INTEGER NOT NULL CHECK (attempts >= 0),
            due_at INTEGER,
            settled_at INTEGER,
            is_delivered INTEGER NOT NULL CHECK (is_delivered IN (0, 1)),
            last_status INTEGER,
            CHECK ((due_at IS NULL) <> (settled_at IS NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX webhook_due ON webhook (due_at) WHERE due_at IS NOT NULL;
        CREATE INDEX webhook_settled ON webhook (settled_at) WHERE settled_at IS NOT NULL;
        """

    /// The account book: a line for every generation, which stays when the generation goes. `charged` and `refunded` are
    /// what the site's ledger said, `check_at` is when it is worth asking. A job's `cost` is JSON. Generations of earlier
    /// versions get their lines here; of those that have ended long ago nobody will ever know the cost.
    private static let usage = """
        ALTER TABLE job ADD COLUMN quoted INTEGER;
        ALTER TABLE job ADD COLUMN cost TEXT;

        CREATE TABLE usage (
            generation TEXT NOT NULL PRIMARY KEY CHECK (generation <> ''),
            owner TEXT NOT NULL,
            kind TEXT NOT NULL,
            model TEXT NOT NULL,
            price_key TEXT,
            created_at INTEGER NOT NULL,
            quoted INTEGER,
            account TEXT,
            region TEXT,
            submit_id TEXT,
            submitted_at INTEGER,
            completed_at INTEGER,
            outcome TEXT CHECK (outcome IN ('succeeded', 'partial', 'failed', 'canceled')),
            stage TEXT NOT NULL CHECK (stage IN ('open', 'pending', 'settled', 'unknown')),
            charged INTEGER NOT NULL DEFAULT 0 CHECK (charged >= 0),
            refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded >= 0),
            settled_at INTEGER,
            check_at INTEGER,
            CHECK ((stage = 'open') = (outcome IS NULL)),
            CHECK (check_at IS NULL OR account IS NOT NULL)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO usage (generation, owner, kind, model, created_at, account, region, submit_id, submitted_at,
            completed_at, outcome, stage, settled_at, check_at)
        SELECT id, owner, kind, model, created_at,
            CASE WHEN is_over THEN account END, CASE WHEN is_over THEN region END,
            CASE WHEN is_over THEN submit_id END, CASE WHEN is_over THEN submitted_at END,
            CASE WHEN is_over THEN coalesce(completed_at, created_at) END, CASE WHEN is_over THEN state END,
            CASE WHEN NOT is_over THEN 'open' WHEN is_bought THEN 'pending' ELSE 'settled' END,
            CASE WHEN is_over AND NOT is_bought THEN coalesce(completed_at, created_at) END,
            CASE WHEN is_over AND is_bought THEN coalesce(completed_at, created_at) END
        FROM (SELECT *, state IN ('succeeded', 'partial', 'failed', 'canceled') AS is_over,
            submissions > 0 AND submit_id IS NOT NULL AND account IS NOT NULL AS is_bought FROM job);
        CREATE INDEX usage_unchecked ON usage (account, check_at) WHERE check_at IS NOT NULL;
        CREATE INDEX usage_by_account ON usage (account, submitted_at) WHERE submitted_at IS NOT NULL;
        CREATE INDEX usage_by_time ON usage (created_at);
        CREATE INDEX usage_by_owner ON usage (owner, created_at, stage, quoted, charged, refunded);

        CREATE TABLE learnt_price (
            account TEXT NOT NULL,
            price_key TEXT NOT NULL,
            region TEXT NOT NULL,
            is_sandbox INTEGER NOT NULL CHECK (is_sandbox IN (0, 1)),
            credits INTEGER NOT NULL CHECK (credits >= 0),
            learnt_at INTEGER NOT NULL,
            PRIMARY KEY (account, price_key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX learnt_price_by_age ON learnt_price (learnt_at);
        """

    /// The kept files and which generations name them, beginning with what the outputs of ended jobs say. A file on its
    /// way out has `removing_at`. `made_bytes` are of what was made from it.
    private static let keptMedia = """
        CREATE TABLE media (
            id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
            file_extension TEXT NOT NULL,
            bytes INTEGER NOT NULL CHECK (bytes >= 0),
            made_bytes INTEGER NOT NULL DEFAULT 0 CHECK (made_bytes >= 0),
            kept_at INTEGER NOT NULL,
            is_favourite INTEGER NOT NULL DEFAULT 0 CHECK (is_favourite IN (0, 1)),
            removing_at INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX media_by_age ON media (kept_at, id) WHERE removing_at IS NULL;
        CREATE INDEX media_removing ON media (removing_at) WHERE removing_at IS NOT NULL;
        CREATE TABLE media_use (
            media TEXT NOT NULL,
            generation TEXT NOT NULL,
            PRIMARY KEY (media, generation)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX media_use_by_generation ON media_use (generation);

        CREATE TEMP TABLE old_output AS
            SELECT job.id AS generation, json_extract(output.value, '$.stored') AS stored
            FROM job, json_each(CASE WHEN json_valid(job.outputs) THEN job.outputs ELSE '[]' END) AS output
            WHERE json_type(output.value, '$.stored.id') = 'text';
        INSERT OR IGNORE INTO media (id, file_extension, bytes, kept_at)
            SELECT json_extract(stored, '$.id'), json_extract(stored, '$.fileExtension'),
                json_extract(stored, '$.byteCount'), json_extract(stored, '$.createdAt')
            FROM old_output;
        INSERT OR IGNORE INTO media_use (media, generation)
            SELECT json_extract(stored, '$.id'), generation FROM old_output;
        DROP TABLE old_output;
        """

    /// Accounts get an origin, an administrator's labels, their health and their balance; pauses that matter are taken
    /// over. Of a session only the last four characters are shown from now on. `setting` holds single values of the
    /// installation.
    private static let accountPool = """
        CREATE TABLE account_with_health (
            id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
            region TEXT NOT NULL,
            is_sandbox INTEGER NOT NULL CHECK (is_sandbox IN (0, 1)),
            sealed_credential BLOB NOT NULL,
            preview TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            last_used_at INTEGER NOT NULL,
            origin TEXT NOT NULL CHECK (origin IN ('token', 'pool')),
            label TEXT NOT NULL,
            tags TEXT NOT NULL CHECK (json_valid(tags)),
            note TEXT NOT NULL,
            is_enabled INTEGER NOT NULL CHECK (is_enabled IN (0, 1)),
            health TEXT NOT NULL CHECK (json_valid(health)),
            health_revision INTEGER NOT NULL CHECK (health_revision >= 0),
            balance TEXT CHECK (balance IS NULL OR json_valid(balance)),
            balance_read_at INTEGER,
            CHECK ((balance IS NULL) = (balance_read_at IS NULL))
        ) STRICT, WITHOUT ROWID;
        INSERT INTO account_with_health
            SELECT id, region, is_sandbox, sealed_credential,
                CASE WHEN length(preview) > 4 THEN '****' || substr(preview, -4) ELSE preview END,
                created_at, last_used_at, 'token', '', '[]', '', 1,
                CASE
                    WHEN restriction_reason IN ('risk_control', 'blocked') THEN
                        json_object('condition', restriction_reason, 'until', restricted_until)
                    ELSE '{}'
                END, 0, NULL, NULL
            FROM account;
        DROP TABLE account;
        ALTER TABLE account_with_health RENAME TO account;
        CREATE INDEX account_pool ON account (id) WHERE origin = 'pool';

        CREATE TABLE setting (
            name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
            value BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// Keys that the gateway gave out. A digest is the SHA-256 of a secret; `predecessor` is the one before the last
    /// rotation. `rules` holds JSON.
    private static let gatewayKeys = """
        CREATE TABLE gateway_key (
            id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
            name TEXT NOT NULL CHECK (name <> ''),
            preview TEXT NOT NULL,
            digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
            predecessor TEXT UNIQUE CHECK (length(predecessor) = 64),
            predecessor_until INTEGER,
            is_enabled INTEGER NOT NULL CHECK (is_enabled IN (0, 1)),
            expires_at INTEGER,
            rules TEXT NOT NULL CHECK (json_valid(rules)),
            created_at INTEGER NOT NULL,
            last_used_at INTEGER,
            revision INTEGER NOT NULL CHECK (revision >= 0),
            CHECK ((predecessor IS NULL) = (predecessor_until IS NULL))
        ) STRICT, WITHOUT ROWID;
        """

    /// What budgets set aside for a generation of unknown price. The index stays one that answers by itself.
    private static let reservations = """
        ALTER TABLE usage ADD COLUMN reservation INTEGER CHECK (reservation >= 0);
        DROP INDEX usage_by_owner;
        CREATE INDEX usage_by_owner ON usage (owner, created_at, stage, quoted, reservation, charged, refunded);
        """
}
