import GRDB
package import GatewayCore

extension SQLiteStore: WebhookStore {
    package func claimWebhooks(
        dueAt now: Timestamp, until: Timestamp, limit: Int
    ) async throws(StoreFault) -> [WebhookDelivery] {
        guard limit > 0 else { return [] }
        return try await write { db in
            let rows = try Row.fetchCursor(
                db.cachedStatement(sql: WebhookSQL.claim),
                arguments: [until.milliseconds, now.milliseconds, limit])
            var deliveries: [WebhookDelivery] = []
            while let row = try rows.next() {
                deliveries.append(
                    WebhookDelivery(
                        generation: GenerationID(rawValue: try row.decode(atIndex: 0)),
                        attempt: try row.decode(atIndex: 1)))
            }
            return deliveries
        }
    }

    package func earliestWebhook() async throws(StoreFault) -> Timestamp? {
        try await read { db in
            try Int64.fetchOne(db.cachedStatement(sql: WebhookSQL.earliest)).map(Timestamp.init(milliseconds:))
        }
    }

    package func recordWebhook(
        _ result: WebhookResult, of delivery: WebhookDelivery, at now: Timestamp
    ) async throws(StoreFault) -> Bool {
        try await write { db in
            let (next, isDelivered, status): (Timestamp?, Bool, Int?) =
                switch result {
                case .delivered(let status): (nil, true, status)
                case .failed(let status, let next): (next, false, status)
                case .abandoned(let status): (nil, false, status)
                }
            try db.cachedStatement(sql: WebhookSQL.record).execute(arguments: [
                next?.milliseconds, next == nil ? now.milliseconds : nil, isDelivered ? 1 : 0, status,
                delivery.generation.rawValue, delivery.attempt,
            ])
            return db.changesCount == 1
        }
    }

    package func webhook(of id: GenerationID) async throws(StoreFault) -> WebhookRecord? {
        try await read { db in
            let rows = try Row.fetchCursor(
                db.cachedStatement(sql: WebhookSQL.byGeneration), arguments: [id.rawValue])
            return try rows.next().map { row in
                let due = try row.decode(Int64?.self, atIndex: 1).map(Timestamp.init(milliseconds:))
                let isDelivered = try row.decode(Int.self, atIndex: 2) != 0
                return WebhookRecord(
                    state: due != nil ? .open : isDelivered ? .delivered : .abandoned,
                    attempts: try row.decode(atIndex: 0), dueAt: due, lastStatus: try row.decode(atIndex: 3))
            }
        }
    }

    package func removeSettledWebhooks(before instant: Timestamp) async throws(StoreFault) -> Int {
        try await write { db in
            try db.cachedStatement(sql: WebhookSQL.removeSettled).execute(arguments: [instant.milliseconds])
            return db.changesCount
        }
    }
}

extension Job {
    /// What ``WebhookSQL/insert`` takes: due as soon as the job has ended.
    var webhookArguments: StatementArguments { [id.rawValue, (completedAt ?? createdAt).milliseconds] }
}
