/// The stable label of an account: `acct_` and twelve hexadecimal digits of a keyed hash over region and session, so
/// that it can be shown, logged and stored without telling the session.
package struct AccountID: Hashable, Sendable, Codable, RawRepresentable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package var description: String { rawValue }
}
