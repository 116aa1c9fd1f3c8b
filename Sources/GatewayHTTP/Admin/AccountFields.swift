import GatewayCore
import WireJSON

/// What a request says about an account. Fields that are absent leave it as it is.
struct AccountFields: Sendable {
    var edit = AccountEdit()

    /// - Throws: ``RequestProblem``: `invalid_type`, `value_out_of_range`. Other bounds are ``AccountLabels``' own.
    init(_ fields: inout RequestFields) throws(RequestProblem) {
        edit.label = try fields.string("label")
        edit.note = try fields.string("note")
        edit.isEnabled = try fields.bool("enabled")
        if fields.object["tags"] != nil { edit.tags = try Self.tags(fields.object["tags"] ?? .null) }
        if fields.object["proxy"] != nil {
            edit.proxy =
                try fields.string("proxy").flatMap { $0.isEmpty ? nil : .to(Secret($0)) }
                ?? AccountEdit.ProxyChange.none
        }
    }

    var labels: AccountLabels {
        AccountLabels(label: edit.label ?? "", tags: edit.tags ?? [], note: edit.note ?? "")
    }

    /// A list, one text with commas, or null for none.
    private static func tags(_ value: JSONValue) throws(RequestProblem) -> [String] {
        if let text = value.string { return text.split(separator: ",").prefix(100).map(String.init) }
        if value.isNull { return [] }
        guard let elements = value.array, elements.count <= 100 else {
            throw .outOfRange("tags", 0...AccountLabels.mostTags, got: 100)
        }
        let texts = elements.compactMap(\.string)
        guard texts.count == elements.count else {
            throw RequestProblem(
                .invalidType, param: "tags",
                values: [
                    .want: PlaceholderText(english: "an array of strings", chinese: "字符串数组"),
                    .got: PlaceholderText(english: "something else", chinese: "其他类型"),
                ])
        }
        return texts
    }
}

extension AccountProblem {
    /// The same, as the API tells it. Nothing that was given as a token or proxy is repeated.
    var failure: any Error {
        switch self {
        case .notFound(let id): RequestProblem(.accountNotFound, values: [.id: .echo(id.rawValue)])
        case .alreadyThere(let id): RequestProblem(.accountExists, values: [.id: .echo(id.rawValue)])
        case .invalidToken(let problem): problem
        case .invalidField(let field, let rule):
            RequestProblem.invalidValue(field, got: "…", allowed: [rule])
        case .busy(let id, let running):
            RequestProblem(.accountBusy, values: [.id: .echo(id.rawValue), .count: PlaceholderText("\(running)")])
        case .unreadableImport: RequestProblem(.unreadableImport, param: "text")
        case .unreadable(let id): RequestProblem(.accountUnreadable, values: [.id: .echo(id.rawValue)])
        case .storeUnavailable: GenerationFault(.storageUnavailable)
        }
    }
}
