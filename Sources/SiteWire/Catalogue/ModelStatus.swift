/// How much of a future a model has.
package enum ModelStatus: String, Sendable, Hashable {
    case current
    /// Still listed by the site but limited, and refused for many accounts.
    case older
    /// No longer offered; callable by name, and a refusal is to be expected.
    case legacy
}
