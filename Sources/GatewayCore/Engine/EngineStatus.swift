/// Counts for health checks and the console.
package struct EngineStatus: Hashable, Sendable {
    /// Jobs not yet sent to the site.
    package var waiting: Int
    /// Jobs the site has or may have.
    package var running: Int
    /// Accounts with work right now.
    package var activeAccounts: Int
    /// Accounts with work that are paused by a restriction.
    package var restrictedAccounts: Int
    package var isDraining: Bool

    package init(waiting: Int, running: Int, activeAccounts: Int, restrictedAccounts: Int, isDraining: Bool) {
        self.waiting = waiting
        self.running = running
        self.activeAccounts = activeAccounts
        self.restrictedAccounts = restrictedAccounts
        self.isDraining = isDraining
    }
}
