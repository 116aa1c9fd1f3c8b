/// Where in the life of a generation a refusal was met; the same number means different things in different places.
package enum SiteCallContext: String, Sendable, Hashable, CaseIterable {
    /// The generate call.
    case submit
    /// History and other reads that may simply be repeated.
    case read
    /// Session, balance, ledger and catalogue calls.
    case check
    /// The daily claim, whose failures are ordinary.
    case claim
    /// Upload of an input and the check of its content.
    case upload
    /// The end of a task that had been accepted.
    case task
}
