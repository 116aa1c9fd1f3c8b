/// What is known about the kept files: how large and how old they are, and which generations name them.
///
/// Laws, checked by the conformance suite for every implementation:
/// - ``JobStore/saveOutputs(_:of:at:)`` enters the files of the outputs and which generation uses them, in its own
///   transaction; ``JobStore/removeJob(_:)`` takes the uses away. Entering a file again renews its time, and takes a
///   condemned one back.
/// - A condemned file is named by no output any more and counts in no total. It stays in the list of the condemned until
///   ``settleRemovals(of:)``, so that a crash between the two loses no file's removal.
/// - Retention condemns no favourite.
package protocol MediaIndex: Sendable {
    func mediaTotals() async throws(StoreFault) -> MediaTotals

    /// Enters a file that no generation names by this: unless one does, it is abandoned.
    func enterUnnamed(_ file: StoredMedia) async throws(StoreFault)

    /// Picks files by the rule, takes them out of the outputs that name them (which get `now` as
    /// ``GenerationOutput/removedAt``, their jobs a new revision), and condemns them, in one transaction.
    /// Returns: what was condemned now.
    func condemnMedia(_ rule: MediaRule, at now: Timestamp) async throws(StoreFault) -> [CondemnedMedia]

    /// Files that were condemned and are not settled, at most `limit`.
    func condemnedMedia(limit: Int) async throws(StoreFault) -> [CondemnedMedia]

    /// Forgets condemned files whose removal is done. Files that were entered again meanwhile stay.
    func settleRemovals(of ids: [MediaID]) async throws(StoreFault)

    /// Counts what was made from a file and is kept with it. Unknown files are ignored.
    func addMadeBytes(_ count: Int64, to id: MediaID) async throws(StoreFault)

    /// Returns false when the file is not known.
    func setFavourite(_ isFavourite: Bool, media id: MediaID) async throws(StoreFault) -> Bool
}

/// Which files are to go.
package enum MediaRule: Hashable, Sendable {
    /// Those of these that no generation names.
    case unused([MediaID])
    /// What no generation names and was kept before an instant.
    case abandoned(keptBefore: Timestamp, limit: Int)
    /// What was last kept before an instant, oldest first.
    case old(keptBefore: Timestamp, limit: Int)
    /// The oldest, until they make up this many bytes, out of those last kept before an instant.
    case excess(bytes: Int64, keptBefore: Timestamp, limit: Int)
}

package struct MediaTotals: Hashable, Sendable {
    package var files: Int
    /// Originals and what was made from them.
    package var bytes: Int64

    package init(files: Int, bytes: Int64) {
        self.files = files
        self.bytes = bytes
    }
}

package struct CondemnedMedia: Hashable, Sendable {
    package var id: MediaID
    package var fileExtension: String
    /// With what was made from it.
    package var byteCount: Int64
    package var condemnedAt: Timestamp

    package init(id: MediaID, fileExtension: String, byteCount: Int64, condemnedAt: Timestamp) {
        self.id = id
        self.fileExtension = fileExtension
        self.byteCount = byteCount
        self.condemnedAt = condemnedAt
    }
}
