import GatewayCore
import MediaFiles
import StoreSQLite

/// The numbers of `GET /metrics` that are read when it is asked for.
struct MetricReadings: Sendable {
    let engine: Engine
    let store: SQLiteStore
    let accounts: AccountKeeper
    let startedAt: Timestamp

    /// Balances of more accounts are not listed.
    private static let accountLimit = 1000

    func write(to text: inout MetricText) async {
        await writeGenerations(to: &text)
        writeBalances(to: &text)
        await writeStore(to: &text)
        text.gauge("jimeng_build_info", "Always 1; the label tells the version.", [([("version", Version.text)], 1)])
        ProcessReading.current()?.write(to: &text, startedAt: startedAt)
    }

    private func writeGenerations(to text: inout MetricText) async {
        let tally = engine.tally
        let states = JobState.allCases.filter { !$0.isTerminal }
        text.gauge(
            "jimeng_generations_active", "Generations that have not ended, by state.",
            states.map { state in
                ([("state", state.rawValue)], Double(tally.filter { $0.key.state == state }.values.reduce(0, +)))
            })
        text.gauge(
            "jimeng_generations_running", "Generations that the site has or may have.",
            MediaKind.allCases.map { kind in
                let count = tally.filter { $0.key.kind == kind && $0.key.state.mayExistAtSite }.values.reduce(0, +)
                return ([("kind", kind.rawValue)], Double(count))
            })
        let status = await engine.status
        text.gauge("jimeng_queue_depth", "Generations that wait for their turn.", [([], Double(status.waiting))])
        text.gauge(
            "jimeng_accounts", "Accounts of the pool, and of tokens in use, by their health.",
            accounts.counts(at: SystemTime().now).sorted { $0.key < $1.key }.map { name, count in
                ([("status", name)], Double(count))
            })
    }

    private func writeBalances(to text: inout MetricText) {
        let newest = accounts.balances.all.sorted { $0.value.readAt > $1.value.readAt }.prefix(Self.accountLimit)
        text.gauge(
            "jimeng_account_credits", "The last balance that the site told, by account.",
            newest.sorted { $0.key.rawValue < $1.key.rawValue }.map { id, reading in
                ([("account", id.rawValue)], Double(reading.credits))
            })
    }

    private func writeStore(to text: inout MetricText) async {
        let trouble = await store.trouble(at: SystemTime().now)
        text.gauge("jimeng_store_up", "1 while the database takes writes.", [([], trouble == nil ? 1 : 0)])
        // A store that can't be read has no number; the line above says so.
        guard let totals = try? await store.mediaTotals() else { return }
        text.gauge("jimeng_media_bytes", "Kept files and what was made from them.", [([], Double(totals.bytes))])
        text.gauge("jimeng_media_files", "Kept files.", [([], Double(totals.files))])
    }
}
