import GatewayCore
import HTTPTypes
import Hummingbird

/// Who may administer: a gateway key with the scope `admin`, or the secret that a running gateway leaves in its data
/// folder for the command line (console.md section 4).
struct AdminAccess: Sendable {
    static let path = "/dashboard"

    /// Whether a path with its query is one of administration, which pages of other origins must not use.
    static func covers(_ path: String) -> Bool {
        path.hasPrefix(Self.path) && (path.dropFirst(Self.path.count).first.map { "/?#".contains($0) } ?? true)
    }

    let authorization: Authorization
    let controlSecret: Secret?

    /// - Throws: `not_logged_in` when nobody is named, `insufficient_scope` for a key without the scope; otherwise as
    ///   ``Authorization/caller(of:_:for:)``.
    func check(_ request: Request, _ context: GatewayRequestContext) throws(RequestProblem) {
        guard let text = authorization.list(in: request.headers) else { throw RequestProblem(.notLoggedIn) }
        if let controlSecret, ConstantTime.equal(controlSecret.reveal(), text.trimmingBlanks()) { return }
        _ = try authorization.caller(of: request, context, for: .admin)
    }
}
