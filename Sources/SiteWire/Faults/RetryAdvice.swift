/// What to do after a refusal. Never says to repeat a submit that may have been accepted: every advice here follows an
/// answer that settles the matter, and a new attempt needs a new submit id.
package enum RetryAdvice: String, Sendable, Hashable, CaseIterable {
    /// The same request would be refused again.
    case never
    /// Refused for load before anything was created: wait 5 s, doubling to 60 s, at most five times.
    case backOff
    /// The account has enough tasks running: back into the queue, and let this account run fewer at once.
    case requeue
    /// A read failed in passing: read again at the next turn.
    case readAgain
    /// Sign again with a fresh clock, once.
    case refreshSignature
    /// Not on this account, perhaps on another one of the same user.
    case otherAccount
}
