import GatewayCore

/// Who is asking, and what the request may use.
struct Caller: Sendable {
    /// Whose generations these are: a key's id, or a keyed hash of the tokens.
    var owner: String
    /// Those of the sessions in the client's order, then those of the pool; each once.
    var accounts: [AccountCredential]
    /// The gateway key that the request came with.
    var key: GatewayKey?
    var scopes: Set<KeyScope>

    var regions: [Region] { accounts.map(\.region) }

    /// Whether generations of everybody are shown.
    var seesEverything: Bool { scopes.contains(.admin) }

    /// Whether the caller may know of the job.
    func maySee(_ job: Job) -> Bool { seesEverything || job.owner == owner }

    /// - Throws: `model_not_allowed` when the key may not make this.
    func check(_ task: GenerationTask) throws(RequestProblem) {
        guard let key, !key.rules.permits(task.kind, model: task.model) else { return }
        throw RequestProblem(.modelNotAllowed, param: "model", values: [.model: PlaceholderText(task.model)])
    }
}
