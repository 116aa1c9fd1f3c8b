/// The site's regions as people write them in front of a token. CN is Jimeng, the others are Dreamina.
package enum Region: String, Hashable, Sendable, Codable, CaseIterable {
    case cn, us, hk, jp, sg

    /// The name of the site for people.
    package var siteName: String { self == .cn ? "Jimeng" : "Dreamina" }
}
