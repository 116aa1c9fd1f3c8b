import GatewayCore
import HTTPTypes
import Hummingbird
import Logging
import WireJSON

/// `/dashboard/accounts`: the stored accounts (console.md section 4.2).
struct AccountRoutes: Sendable {
    static let path = AdminAccess.path + "/accounts"
    /// Most bytes of a body: an import and what JSON adds to it.
    static let bodyLimit = AccountImport.longestText * 2
    private static let pageSizes = 1...200

    let accounts: AccountAdministration
    let services: Boxed<GatewayServices>
    let access: AdminAccess
    let reader: BodyReader

    func add(to router: Router<GatewayRequestContext>, _ table: inout RouteTable) {
        func add(
            _ method: HTTPRequest.Method, _ path: String,
            _ handler: @escaping @Sendable (Request, GatewayRequestContext) async throws -> Response
        ) {
            table.add(method, path, to: router) { request, context in
                try access.check(request, context)
                do {
                    return try await handler(request, context)
                } catch let problem as AccountProblem {
                    throw problem.failure
                }
            }
        }
        add(.get, Self.path) { request, _ in try await list(request) }
        add(.post, Self.path) { request, context in try await create(request, context) }
        add(.post, Self.path + "/import") { request, context in try await take(request, context) }
        add(.get, Self.path + "/:id") { _, context in record(try await accounts.account(id(context))) }
        add(.patch, Self.path + "/:id") { request, context in
            var fields = try await reader.fields(of: request, requestID: context.requestID)
            let edit = try AccountFields(&fields).edit
            let account = try await accounts.edit(id(context), edit)
            note("account changed", account.id, context)
            return record(account)
        }
        add(.delete, Self.path + "/:id") { _, context in
            let id = id(context)
            try await accounts.remove(id)
            note("account removed", id, context)
            return JSONResponse.make(["id": .string(id.rawValue), "object": "account.deleted", "deleted": true])
        }
        add(.post, Self.path + "/:id/test") { _, context in
            JSONResponse.make(.object(AccountObject.object(of: try await accounts.check(id(context)))))
        }
        add(.post, Self.path + "/:id/credits") { _, context in
            JSONResponse.make(.object(AccountObject.object(of: try await accounts.check(id(context)))))
        }
        add(.post, Self.path + "/:id/receive") { _, context in
            JSONResponse.make(.object(AccountObject.object(of: try await accounts.claim(id(context)))))
        }
        add(.post, Self.path + "/:id/reset") { _, context in
            let account = try await accounts.clearPause(id(context))
            note("pause of an account ended", account.id, context)
            return record(account)
        }
    }

    /// Accounts by id: `after` is the last id of the page before, `origin` `pool` (usual), `token` or `all`.
    private func list(_ request: Request) async throws -> Response {
        let query = QueryParameters(request.uri.query)
        var limit = Self.pageSizes.upperBound
        if let text = query["limit"], !text.isEmpty {
            guard let number = Int(text), Self.pageSizes.contains(number) else {
                throw RequestProblem.outOfRange("limit", Self.pageSizes, got: text)
            }
            limit = number
        }
        let origin: StoredAccount.Origin?
        switch query["origin"] {
        case nil, "", "pool": origin = .pool
        case "token": origin = .token
        case "all": origin = nil
        case let text?:
            throw RequestProblem.invalidValue("origin", got: text, allowed: ["pool", "token", "all"])
        }
        let after = query["after"].flatMap { $0.isEmpty ? nil : AccountID(rawValue: $0) }
        let page = try await accounts.accounts(origin, after: after, limit: limit)
        return JSONResponse.make([
            "items": .array(page.map { .object(AccountObject.object(of: $0)) }), "limit": .integer(Int64(limit)),
            // A page that is not full is the last one.
            "next": .optional(page.count == limit ? page.last?.id.rawValue : nil),
        ])
    }

    private func create(_ request: Request, _ context: GatewayRequestContext) async throws -> Response {
        var fields = try await reader.fields(of: request, requestID: context.requestID)
        guard let token = try fields.string("token"), !token.trimmingBlanks().isEmpty else {
            throw RequestProblem.missing("token")
        }
        let given = try AccountFields(&fields)
        let account = try await accounts.add(
            token: Secret(token.trimmingBlanks()), labels: given.labels, isEnabled: given.edit.isEnabled ?? true)
        note("account added", account.id, context)
        return JSONResponse.make(.object(AccountObject.object(of: account)), status: .created)
    }

    /// `text`: tokens or cookies; `region`: of Dreamina cookies whose export does not tell it.
    private func take(_ request: Request, _ context: GatewayRequestContext) async throws -> Response {
        var fields = try await reader.fields(of: request, requestID: context.requestID)
        guard let text = try fields.string("text"), !text.isEmpty else { throw RequestProblem.missing("text") }
        var region = Region.us
        if let name = try fields.string("region"), !name.isEmpty {
            guard let known = Region(rawValue: name.lowercased()) else {
                throw RequestProblem.invalidValue("region", got: name, allowed: Region.allCases.map(\.rawValue))
            }
            region = known
        }
        let labels = try AccountFields(&fields).labels
        let report = try await accounts.importAccounts(Secret(text), labels: labels, region: region)
        for account in report.added { note("account added", account.id, context) }
        return JSONResponse.make([
            "added": .array(report.added.map { .object(AccountObject.object(of: $0)) }),
            "known": .strings(report.known.map(\.rawValue)),
            "rejected": .array(
                report.rejected.map {
                    ["number": .integer(Int64($0.number)), "error": .string($0.problem.description)]
                }),
        ])
    }

    private func id(_ context: GatewayRequestContext) -> AccountID {
        AccountID(rawValue: context.parameters.get("id") ?? "")
    }

    private func record(_ account: AccountDescription) -> Response {
        JSONResponse.make(.object(AccountObject.object(of: account)))
    }

    private func note(_ text: String, _ id: AccountID, _ context: GatewayRequestContext) {
        services.logger.notice(
            "\(text)",
            metadata: [
                "account.id": "\(PlaceholderText.echo(id.rawValue).english)", "request.id": "\(context.requestID)",
            ])
    }
}
