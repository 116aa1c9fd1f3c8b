import Foundation

/// Accounts in a text that somebody pasted or exported: tokens, one a line (endpoints.md section 2.2; blank lines and
/// lines beginning with `#` are skipped), or a browser's cookies as JSON. Pure.
package enum AccountImport {
    /// One account of the text, in order.
    package struct Item: Hashable, Sendable {
        /// Where it stands: the line's number or the cookie's, from 1.
        package var number: Int
        /// As a token.
        package var token: Secret
    }

    /// Longer texts are refused, in bytes.
    package static let longestText = 2 << 20
    /// More accounts at once are refused.
    package static let mostAccounts = 1000

    /// `region`: of Dreamina cookies whose export does not tell the country.
    /// - Throws: ``AccountProblem/unreadableImport(why:)``.
    package static func items(in text: String, region: Region = .us) throws(AccountProblem) -> [Item] {
        guard text.utf8.count <= longestText else {
            throw .unreadableImport(why: "it is larger than \(longestText >> 20) MB")
        }
        let isJSON = text.first { !$0.isWhitespace && $0 != "\u{FEFF}" }.map { "[{".contains($0) } ?? false
        let items = isJSON ? try cookies(in: text, region: region) : lines(of: text)
        guard !items.isEmpty else {
            throw .unreadableImport(
                why: isJSON ? "none of its cookies is a sessionid of a known site" : "it has no line with a token")
        }
        guard items.count <= mostAccounts else {
            throw .unreadableImport(why: "it has more than \(mostAccounts) accounts")
        }
        return items
    }

    private static func lines(of text: String) -> [Item] {
        var items: [Item] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let token = String(line.drop { $0 == "\u{FEFF}" }).trimmingBlanks()
            guard !token.isEmpty, !token.hasPrefix("#"), items.count <= mostAccounts else { continue }
            items.append(Item(number: index + 1, token: Secret(token)))
        }
        return items
    }

    // MARK: - Cookies

    /// What browser extensions and test tools write for one cookie; other members do not matter.
    private struct Cookie: Decodable {
        var domain: String
        var name: String
        var value: String
    }

    /// A storage state: cookies among other things.
    private struct State: Decodable {
        var cookies: [Cookie]
    }

    private static func cookies(in text: String, region: Region) throws(AccountProblem) -> [Item] {
        let bytes = Data(text.drop { $0 == "\u{FEFF}" }.utf8)
        let decoder = JSONDecoder()
        let cookies: [Cookie]
        if let list = try? decoder.decode([Cookie].self, from: bytes) {
            cookies = list
        } else if let state = try? decoder.decode(State.self, from: bytes) {
            cookies = state.cookies
        } else {
            throw .unreadableImport(why: "it is neither a list of cookies in JSON nor an object with one")
        }
        let country = cookies.first { $0.name == "store-country-code" && site(of: $0) == .international }
            .flatMap { Region(rawValue: $0.value.lowercased()) }
        var items: [Item] = []
        for (index, cookie) in cookies.enumerated() where cookie.name == "sessionid" && !cookie.value.isEmpty {
            guard let site = site(of: cookie), items.count <= mostAccounts else { continue }
            let prefix = site == .china ? Region.cn : country ?? region
            items.append(Item(number: index + 1, token: Secret("\(prefix.rawValue)-\(cookie.value)")))
        }
        return items
    }

    private enum Site { case china, international }

    private static func site(of cookie: Cookie) -> Site? {
        let host = cookie.domain.lowercased().drop { $0 == "." }
        if host == "jianying.com" || host.hasSuffix(".jianying.com") { return .china }
        if host == "capcut.com" || host.hasSuffix(".capcut.com") { return .international }
        return nil
    }
}
