/// Tells whether a store can be written to, for whoever decides about sending work here.
package protocol StoreProbe: Sendable {
    /// What keeps the store from taking writes; nil when nothing does.
    ///
    /// What other writes have shown is believed. Only when there were none lately, or the last one failed, is a small
    /// write tried, and that at most once a second, so that asking often costs nothing and a cause that is gone is
    /// noticed without anybody's help.
    func trouble(at now: Timestamp) async -> StoreFault?
}
