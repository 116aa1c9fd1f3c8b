import GatewayCore
import HTTPTypes
import Hummingbird
import WireJSON

/// Questions about the accounts behind a token (endpoints.md section 17). One failing item of a list does not fail the
/// others.
struct TokenRoutes: Sendable {
    let services: Boxed<GatewayServices>
    let authorization: Authorization
    let reader: BodyReader
    let errors: ErrorResponder

    /// Most bytes of a body that names tokens.
    static let bodyLimit = 1024 * 1024
    /// Most items of one request that are asked for at the same time.
    private static let parallel = 5

    func add(to router: Router<GatewayRequestContext>, _ table: inout RouteTable) {
        table.add(.post, "/token/check", to: router) { request, context in try await check(request, context) }
        table.add(.post, "/token/points", to: router) { request, context in
            let isFresh = try QueryParameters(request.uri.query).flag("refresh")
            return try await listed(request, context, emptyMember: "points") { account in
                let balance = try await services.desk.balance(of: account, isFresh: isFresh)
                var members: JSONObject = ["points": Self.members(of: balance)]
                if !balance.expiring.isEmpty { members["expiring"] = Self.expiring(balance) }
                return members
            }
        }
        table.add(.post, "/token/receive", to: router) { request, context in
            let onlyIfEmpty = try QueryParameters(request.uri.query).flag("only_if_empty")
            return try await listed(request, context, emptyMember: "credits") { account in
                let claim = try await services.desk.claim(for: account, onlyIfEmpty: onlyIfEmpty)
                var members: JSONObject = [
                    "credits": Self.members(of: claim.balance), "received": .bool(claim.received > 0),
                ]
                if claim.received > 0 { members["claimed"] = .integer(Int64(claim.received)) }
                if let days = claim.streakDays { members["streak_days"] = .integer(Int64(days)) }
                if let refusal = claim.refusal {
                    let object = errors.object(
                        for: refusal, acceptLanguage: request.headers[.acceptLanguage], requestID: context.requestID)
                    members["error"] = object["error"]?["message"] ?? .string(refusal.kind.rawValue)
                }
                return members
            }
        }
    }

    // MARK: Check

    private func check(_ request: Request, _ context: GatewayRequestContext) async throws -> Response {
        var fields = try await reader.fields(of: request, requestID: context.requestID)
        let inBody = try fields.string("token").flatMap { $0.trimmingBlanks().isEmpty ? nil : $0 }
        guard let list = inBody ?? authorization.list(in: request.headers) else {
            throw RequestProblem.missing("token")
        }
        let entries = try entries(in: list)
        let outcomes = await outcomes(of: entries) { account in try await services.desk.isAlive(account) }
        if entries.count == 1 { return JSONResponse.make(["live": .bool(try outcomes[0].get())]) }
        try failIfAllFailed(outcomes)
        var areAllAlive = true
        let results = zip(entries, outcomes).map { entry, outcome -> JSONValue in
            var members: JSONObject = ["token": .string(entry.written.reveal())]
            switch outcome {
            case .success(let isAlive):
                members["live"] = .bool(isAlive)
                if !isAlive { areAllAlive = false }
            case .failure(let error):
                members["live"] = .null
                members["error"] = self.error(error, request, context)
                areAllAlive = false
            }
            if case .success(.account(let account)) = entry.item {
                members["region"] = .string(account.region.rawValue)
            }
            return .object(members)
        }
        return JSONResponse.make(["live": .bool(areAllAlive), "results": .array(results)])
    }

    // MARK: Lists

    /// One object an item, in the order of the list.
    private func listed(
        _ request: Request, _ context: GatewayRequestContext, emptyMember: String,
        _ ask: @escaping @Sendable (AccountCredential) async throws -> JSONObject
    ) async throws -> Response {
        guard let list = authorization.list(in: request.headers) else { throw RequestProblem(.missingAPIKey) }
        let entries = try entries(in: list)
        let outcomes = await outcomes(of: entries, ask)
        try failIfAllFailed(outcomes)
        let answers = zip(entries, outcomes).map { entry, outcome -> JSONValue in
            var members: JSONObject = ["token": .string(entry.written.reveal())]
            switch outcome {
            case .success(let answer):
                for (name, value) in answer { members[name] = value }
            case .failure(let error):
                members[emptyMember] = .null
                members["error"] = self.error(error, request, context)
            }
            return .object(members)
        }
        return JSONResponse.make(.array(answers))
    }

    private func entries(in list: String) throws(RequestProblem) -> [TokenList.Entry] {
        try authorization.entries(in: list)
    }

    private func outcomes<Answer: Sendable>(
        of entries: [TokenList.Entry], _ ask: @escaping @Sendable (AccountCredential) async throws -> Answer
    ) async -> [Result<Answer, any Error>] {
        await withTaskGroup(of: (Int, Result<Answer, any Error>).self) { group in
            var outcomes: [Int: Result<Answer, any Error>] = [:]
            for (index, entry) in entries.enumerated() {
                if index >= Self.parallel, let (done, outcome) = await group.next() { outcomes[done] = outcome }
                group.addTask { (index, await outcome(of: entry, ask)) }
            }
            for await (done, outcome) in group { outcomes[done] = outcome }
            return outcomes.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    private func outcome<Answer: Sendable>(
        of entry: TokenList.Entry, _ ask: @Sendable (AccountCredential) async throws -> Answer
    ) async -> Result<Answer, any Error> {
        do {
            switch try entry.item.get() {
            case .account(let account): return .success(try await ask(account.credential(using: services.vault)))
            case .staticKey, .gatewayKey:
                throw RequestProblem(.insufficientScope, values: [.scope: "accounts:read"])
            }
        } catch {
            return .failure(error)
        }
    }

    private func failIfAllFailed<Answer>(_ outcomes: [Result<Answer, any Error>]) throws {
        var first: (any Error)?
        for outcome in outcomes {
            guard case .failure(let error) = outcome else { return }
            first = first ?? error
        }
        if let first { throw first }
    }

    private func error(_ error: any Error, _ request: Request, _ context: GatewayRequestContext) -> JSONValue {
        errors.object(
            for: error, acceptLanguage: request.headers[.acceptLanguage], requestID: context.requestID)["error"]
            ?? .null
    }

    private static func expiring(_ balance: CreditBalance) -> JSONValue {
        .array(
            balance.expiring.map {
                ["amount": .integer(Int64($0.amount)), "expires_at": .integer($0.at.seconds)]
            })
    }

    private static func members(of balance: CreditBalance) -> JSONValue {
        [
            "giftCredit": .integer(Int64(balance.gift)), "purchaseCredit": .integer(Int64(balance.purchase)),
            "vipCredit": .integer(Int64(balance.vip)), "totalCredit": .integer(Int64(balance.total)),
        ]
    }
}
