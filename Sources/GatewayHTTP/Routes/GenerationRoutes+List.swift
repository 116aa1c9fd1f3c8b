import GatewayCore
import HTTPTypes
import Hummingbird
import WireJSON

/// `GET /v1/generations`: what the caller made, in pages or by name (endpoints.md section 13.2).
extension GenerationRoutes {
    private static let mostNamed = 100
    private static let pageSizes = 0...100
    private static let usualPageSize = 20

    func list(_ request: Request, _ context: GatewayRequestContext) async throws -> Response {
        let caller = try authorization.caller(of: request, context, for: .readGenerations)
        let query = QueryParameters(request.uri.query)
        let view = RecordView(request, context, links: description.links)
        if let text = query["ids"], !text.isEmpty { return try await named(text, caller, view) }
        let page = try await ListCursor(query).page(of: services.generations, try filter(query, caller)) {
            notFound($0)
        }
        return JSONResponse.make(
            Self.envelope(
                page.jobs.map { description.record(of: $0, view, now: services.time.now) }, hasMore: page.hasMore))
    }

    private static func envelope(_ records: [JSONValue], hasMore: Bool) -> JSONValue {
        [
            "object": "list", "data": .array(records), "first_id": records.first?["id"] ?? .null,
            "last_id": records.last?["id"] ?? .null, "has_more": .bool(hasMore),
        ]
    }

    /// In the order of the names; unknown and foreign ones are told as not found.
    private func named(_ text: String, _ caller: Caller, _ view: RecordView) async throws -> Response {
        let names = text.split(separator: ",", maxSplits: Self.mostNamed).map { String($0).trimmingBlanks() }
        guard (1...Self.mostNamed).contains(names.count) else {
            throw RequestProblem.outOfRange("ids", 1...Self.mostNamed, got: names.count)
        }
        var records: [JSONValue] = []
        for name in names {
            if let id = GenerationID(anyForm: name), let job = try await services.generations.job(id),
                caller.maySee(job)
            {
                records.append(description.record(of: job, view, now: services.time.now))
            } else {
                records.append(
                    [
                        "id": .string(PlaceholderText.echo(name).english), "object": "generation",
                        "status": "not_found",
                    ])
            }
        }
        return JSONResponse.make(Self.envelope(records, hasMore: false))
    }

    private func filter(_ query: QueryParameters, _ caller: Caller) throws(RequestProblem) -> JobFilter {
        var filter = JobFilter(owner: caller.seesEverything ? nil : caller.owner)
        if let text = query["limit"], !text.isEmpty {
            guard let limit = Int(text), Self.pageSizes.contains(limit) else {
                throw .outOfRange("limit", Self.pageSizes, got: text)
            }
            filter.limit = limit == 0 ? Self.usualPageSize : limit
        }
        switch query["order"] {
        case nil, "", "desc": filter.newestFirst = true
        case "asc": filter.newestFirst = false
        case let order?: throw .invalidValue("order", got: order, allowed: ["asc", "desc"])
        }
        if let text = query["kind"], !text.isEmpty {
            guard let kind = MediaKind(rawValue: text) else {
                throw .invalidValue("kind", got: text, allowed: MediaKind.allCases.map(\.rawValue))
            }
            filter.kind = kind
        }
        if let text = query["status"], !text.isEmpty { filter.states = try Self.states(text) }
        if let name = query["model"], !name.isEmpty { filter.model = services.catalogue.model(named: name)?.id ?? name }
        return filter
    }

    /// Native states and OpenAI's words for groups of them, separated by commas.
    private static func states(_ text: String) throws(RequestProblem) -> Set<JobState> {
        var states: Set<JobState> = []
        for word in text.split(separator: ",").prefix(20) {
            switch word {
            case "in_progress": states.formUnion([.submitting, .running, .unknown])
            case "completed": states.formUnion([.succeeded, .partial])
            case "cancelled": states.insert(.canceled)
            default:
                guard let state = JobState(rawValue: String(word)) else {
                    throw .invalidValue("status", got: String(word), allowed: JobState.allCases.map(\.rawValue))
                }
                states.insert(state)
            }
        }
        return states
    }
}

extension GenerationID {
    /// `gen_...`, or the same generation's `video_...`; nil for a text that can't be an id.
    init?(anyForm text: String) {
        guard text.utf8.count <= 64 else { return nil }
        if text.hasPrefix("gen_") {
            self.init(rawValue: text)
        } else if text.hasPrefix("video_") {
            self.init(rawValue: "gen_" + text.dropFirst("video_".count))
        } else {
            return nil
        }
    }
}
