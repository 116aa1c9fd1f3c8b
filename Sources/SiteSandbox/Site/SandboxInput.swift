/// What a draft refers to.
enum SandboxInput: Sendable, Hashable {
    /// A picture by its URI: sent up, or one of the account's results.
    case picture(uri: String)
    /// A video or sound that was sent up, and the length the draft gives it.
    case clip(vid: String, kind: MediaFacts.Kind, milliseconds: Int64?)
    /// One of the account's results by its item.
    case item(id: Int64, historyID: Int64)
}
