import GRDB
package import GatewayCore

extension SQLiteStore {
    package func runTimes() async throws(StoreFault) -> [RunTimeKey: RunTimeEstimate] {
        try await read { db in
            let rows = try Row.fetchCursor(
                db, sql: "SELECT model, resolution, mean, deviation, samples FROM run_time")
            var estimates: [RunTimeKey: RunTimeEstimate] = [:]
            while let row = try rows.next() {
                let key = RunTimeKey(model: try row.decode(atIndex: 0), resolution: try row.decode(atIndex: 1))
                estimates[key] = RunTimeEstimate(
                    mean: try row.decode(atIndex: 2), deviation: try row.decode(atIndex: 3),
                    samples: try row.decode(atIndex: 4))
            }
            return estimates
        }
    }

    package func saveRunTimes(_ estimates: [RunTimeKey: RunTimeEstimate]) async throws(StoreFault) {
        let usable = estimates.filter { $0.value.mean.isFinite && $0.value.deviation.isFinite }
        guard !usable.isEmpty else { return }
        try await write { db in
            try db.inSavepoint {
                let statement = try db.cachedStatement(
                    sql: """
                        INSERT OR REPLACE INTO run_time (model, resolution, mean, deviation, samples)
                        VALUES (?, ?, ?, ?, ?)
                        """)
                for (key, estimate) in usable {
                    try statement.execute(arguments: [
                        key.model, key.resolution, estimate.mean, estimate.deviation, estimate.samples,
                    ])
                }
                return .commit
            }
        }
    }
}
