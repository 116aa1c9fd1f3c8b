import GatewayCore
import HTTPTypes

/// Reads who is asking (endpoints.md section 2.1).
struct Authorization: Sendable {
    let policy: TokenPolicy

    /// - Throws: as ``TokenList``; `missing_api_key` when there is no header or its scheme is another than Bearer.
    func tokens(in headers: HTTPFields) throws(RequestProblem) -> TokenList {
        guard let list = list(in: headers) else { throw RequestProblem(.missingAPIKey) }
        return try TokenList(parsing: list, policy: policy)
    }

    /// The list as it was sent; nil when there is none or its scheme is another than Bearer.
    func list(in headers: HTTPFields) -> String? {
        guard let header = headers[.authorization] else { return headers[.xAPIKey] }
        return Self.list(in: header)
    }

    /// The list behind `Bearer`, or the bare value; nil for another scheme.
    private static func list(in header: String) -> String? {
        let value = header.trimmingBlanks()
        guard let blank = value.firstIndex(where: { $0 == " " || $0 == "\t" }) else {
            return value.lowercased() == "bearer" ? nil : value
        }
        let word = value[..<blank]
        if word.lowercased() == "bearer" { return String(value[value.index(after: blank)...]) }
        // A blank after a comma belongs to a list; a bare word before a blank is a scheme.
        return word.contains(",") ? value : nil
    }
}
