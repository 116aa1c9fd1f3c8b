/// What jobs that have not ended are counted by.
package struct JobTally: Hashable, Sendable {
    package var kind: MediaKind
    package var state: JobState

    package init(kind: MediaKind, state: JobState) {
        self.kind = kind
        self.state = state
    }
}
