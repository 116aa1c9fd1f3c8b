import GatewayCore
import HTTPTypes

/// Reads who is asking (endpoints.md section 2.1).
struct Authorization: Sendable {
    let policy: TokenPolicy

    /// - Throws: as ``TokenList``; `missing_api_key` when there is no header or its scheme is another than Bearer.
    func tokens(in headers: HTTPFields) throws(RequestProblem) -> TokenList {
        if let header = headers[.authorization] {
            guard let list = Self.list(in: header) else { throw RequestProblem(.missingAPIKey) }
            return try TokenList(parsing: list, policy: policy)
        }
        guard let key = headers[.xAPIKey] else { throw RequestProblem(.missingAPIKey) }
        return try TokenList(parsing: key, policy: policy)
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
