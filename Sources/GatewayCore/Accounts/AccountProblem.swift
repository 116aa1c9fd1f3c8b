/// Why an account could not be added, changed or removed.
package enum AccountProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The pool has no such account.
    case notFound(AccountID)
    /// The pool has it already, under this id.
    case alreadyThere(AccountID)
    /// The token can't be used (endpoints.md section 2.2), or is a gateway key.
    case invalidToken(RequestProblem)
    /// A label, tag, note or proxy breaks a rule; `rule` says which one and holds nothing that was given.
    case invalidField(String, rule: String)
    /// The site has or may have so many generations of it; at least 1.
    case busy(AccountID, running: Int)
    /// An import holds no account that can be read; `why` holds nothing that was given.
    case unreadableImport(why: String)
    /// Its session was sealed with another key; it can only be removed.
    case unreadable(AccountID)
    /// The store can't be read or written at the moment.
    case storeUnavailable

    /// Safe to show and to log.
    package var description: String {
        switch self {
        case .notFound(let id): "there is no account \(id)"
        case .alreadyThere(let id): "the account is there already, as \(id)"
        case .invalidToken(let problem): "the token can't be used: \(problem.kind.rawValue)"
        case .invalidField(let field, let rule): "\(field) \(rule)"
        case .busy(let id, let running): "\(id) still has \(running) generations running"
        case .unreadableImport(let why): "the import can't be read: \(why)"
        case .unreadable(let id): "the session of \(id) was sealed with another key"
        case .storeUnavailable: "the store can't be reached at the moment"
        }
    }
}
