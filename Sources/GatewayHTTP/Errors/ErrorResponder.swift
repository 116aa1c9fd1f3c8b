import GatewayCore
import HTTPTypes
import Hummingbird
import Logging
import WireJSON

/// Turns every failure into the one error shape (errors.md section 1).
struct ErrorResponder: Sendable {
    private let configuration: Boxed<HTTPConfiguration>
    private let catalogue: ModelCatalogue
    private let logger: Logger
    private let metrics: HTTPMetrics?

    /// `metrics`: told of every answer.
    init(
        configuration: HTTPConfiguration, catalogue: ModelCatalogue, logger: Logger, metrics: HTTPMetrics? = nil
    ) {
        self.configuration = Boxed(configuration)
        self.catalogue = catalogue
        self.logger = logger
        self.metrics = metrics
    }

    /// The longest wait that SDKs obey; a longer one is announced as not worth a repeat.
    private static let longestAnnouncedWait: Int64 = 59

    /// An error as a whole answer. `path`: of the request.
    func response(for error: any Error, headers: HTTPFields, requestID: String, path: String = "") -> Response {
        var rendered = render(error, acceptLanguage: headers[.acceptLanguage], requestID: requestID)
        metrics?.failed(rendered.code)
        if configuration.legacyErrors == .http200, Self.answeredWith200(path) { rendered.status = 200 }
        var fields = rendered.headers
        fields[.contentType] = JSONResponse.contentType
        return Response(
            status: .init(code: rendered.status), headers: fields,
            body: .init(byteBuffer: ByteBuffer(bytes: rendered.body.serialized())))
    }

    /// Where older gateways tell errors under status 200.
    private static func answeredWith200(_ path: String) -> Bool {
        let path = path.hasPrefix("/api/v1/") ? String(path.dropFirst("/api".count)) : path
        return ["/v1/images/", "/v1/videos/generations", "/v1/video/generations", "/token/"]
            .contains(where: path.hasPrefix)
    }

    /// The object `{"error": {...}}` that ends an answer whose head was sent already. It counts like a whole answer.
    func lateObject(for error: any Error, acceptLanguage: String?, requestID: String) -> JSONValue {
        let rendered = render(error, acceptLanguage: acceptLanguage, requestID: requestID)
        metrics?.failed(rendered.code)
        return rendered.body
    }

    /// The object `{"error": {...}}` alone, for records.
    func object(for error: any Error, acceptLanguage: String?, requestID: String) -> JSONValue {
        render(error, acceptLanguage: acceptLanguage, requestID: requestID).body
    }

    // MARK: Rendering

    private struct Rendered {
        var status: Int
        var code: String
        var headers: HTTPFields
        var body: JSONValue
    }

    private func render(_ error: any Error, acceptLanguage: String?, requestID: String) -> Rendered {
        let failure: APIFailure
        if let known = APIFailure(from: error) {
            failure = known
        } else {
            failure = APIFailure(GenerationFault(.internalError))
            // The type only: the text of an unplanned error may hold anything.
            logger.error(
                "unexpected error", metadata: ["request.id": "\(requestID)", "error.type": "\(type(of: error))"])
        }
        var (entry, code, param) = describe(failure)
        if entry.kind == .imageUpload, let inputs = failure.job?.task.inputs, !inputs.isEmpty,
            inputs.allSatisfy({ $0.kind != .image })
        {
            entry.kind = .mediaUpload
        }
        let values = values(for: failure, requestID: requestID)
        let language = language(acceptLanguage: acceptLanguage, prompt: failure.prompt)
        let words = failure.reason.map { ErrorEntry($0.kind) } ?? entry
        var message = fill(language == .chinese ? words.chinese : words.english, values, language)
        var (isRetryable, wait) = (entry.isRetryable, Int64?.none)
        if case .problem(let problem) = failure.cause {
            wait = problem.retryAfter?.wholeMilliseconds
            if let known = wait, known > Self.longestAnnouncedWait * 1000 { isRetryable = false }
        }
        if case .fault(let fault) = failure.cause {
            if let resolution = fault.uncoveredResolution {
                message +=
                    language == .chinese
                    ? "账号仍有积分，但可能不适用于 \(resolution)，请尝试更低的 resolution。"
                    : " There are credits left, but they do not seem to cover \(resolution); try a lower resolution."
            }
            if let tried = fault.accountsTried, tried > 1 {
                message += language == .chinese ? "（已尝试 \(tried) 个账号）" : " (tried \(tried) accounts)"
            }
            // What the site has accepted may have been paid for; a repeat would buy it again.
            if failure.job?.historyID != nil { isRetryable = false }
            wait = fault.retryAfter.map(\.wholeMilliseconds) ?? Self.usualWait(fault.kind)
            if let known = wait, known > Self.longestAnnouncedWait * 1000 { isRetryable = false }
            // Short of that, a wait is worth telling only where it helps.
            if !entry.isRetryable, wait ?? 0 <= Self.longestAnnouncedWait * 1000 { wait = nil }
        }
        let id = failure.job.map { $0.id.rawValue }
        var body: JSONObject = [
            "error": [
                "message": .string(message), "type": .string(entry.kind.rawValue),
                "param": param.map { .string($0) } ?? .null, "code": .string(code), "retryable": .bool(isRetryable),
                "request_id": .string(requestID), "generation_id": id.map { .string($0) } ?? .null,
                "upstream": upstream(failure),
            ]
        ]
        if configuration.legacyErrors != .off {
            body["code"] = .integer(LegacyCode.value(for: code, kind: failure.job?.task.kind))
            body["message"] = .string(message)
            body["data"] = .null
        }
        return Rendered(
            status: status(entry, failure), code: code,
            headers: headers(failure, entry, isRetryable: isRetryable, wait: wait),
            body: .object(body))
    }

    private func describe(_ failure: APIFailure) -> (ErrorEntry, code: String, param: String?) {
        switch failure.cause {
        case .problem(let problem):
            (ErrorEntry(problem), problem.kind.rawValue, problem.param.map { PlaceholderText.echo($0).english })
        case .fault(let fault):
            (ErrorEntry(fault.kind), fault.kind.rawValue, fault.input.flatMap { failure.job?.task.param(ofInput: $0) })
        }
    }

    private func status(_ entry: ErrorEntry, _ failure: APIFailure) -> Int {
        guard entry.kind == .insufficientQuota else { return entry.status }
        return configuration.creditsStatus.rawValue
    }

    private func headers(_ failure: APIFailure, _ entry: ErrorEntry, isRetryable: Bool, wait: Int64?) -> HTTPFields {
        var fields = HTTPFields()
        fields[.shouldRetry] = isRetryable ? "true" : "false"
        if let wait {
            fields[.retryAfter] = String((wait + 999) / 1000)
            fields[.retryAfterMilliseconds] = String(wait)
        }
        if let allow = failure.allow { fields[.allow] = allow }
        if entry.status == 401 { fields[.wwwAuthenticate] = "Bearer realm=\"jimeng\"" }
        // The rest of a refused body is not read.
        if entry.status == 413 { fields[.connection] = "close" }
        if let job = failure.job {
            fields[.xGenerationID] = job.id.rawValue
            if failure.pointsAtGeneration { fields[.location] = "/v1/generations/\(job.id.rawValue)" }
        }
        return fields
    }

    private func upstream(_ failure: APIFailure) -> JSONValue {
        guard configuration.exposesUpstream, case .fault(let fault) = failure.cause else { return .null }
        var members: [(String, JSONValue)] = []
        if let ret = fault.ret { members.append(("ret", .string(ret))) }
        if let failCode = fault.failCode { members.append(("fail_code", .string(failCode))) }
        if let logID = fault.logID { members.append(("log_id", .string(logID))) }
        return members.isEmpty ? .null : .object(JSONObject(members))
    }

    // MARK: Texts

    /// errors.md section 1.4: the caller's preference, else the prompt's script, else the configuration.
    func language(acceptLanguage: String?, prompt: String?) -> Language {
        if let first = acceptLanguage?.split(separator: ",").first?.lowercased() {
            let range = first.drop { $0 == " " }
            if range.hasPrefix("zh") { return .chinese }
            if range.hasPrefix("en") { return .english }
        }
        let isHan = prompt?.unicodeScalars.contains {
            (0x4E00...0x9FFF).contains($0.value) || (0x3400...0x4DBF).contains($0.value)
        }
        return isHan == true ? .chinese : configuration.locale
    }

    private func values(
        for failure: APIFailure, requestID: String
    ) -> [RequestProblem.Placeholder: PlaceholderText] {
        var values = failure.values
        values[.requestID] = PlaceholderText(requestID)
        if let job = failure.job {
            values[.generationID] = PlaceholderText(job.id.rawValue)
            values[.historyID] = PlaceholderText(job.historyID ?? "-")
            values[.model] = values[.model] ?? PlaceholderText(job.task.model)
        }
        switch failure.cause {
        case .problem(let problem):
            if let param = problem.param { values[.param] = .echo(param) }
            values.merge(problem.values) { $1 }
            if let reason = failure.reason { fillFault(reason, failure.job, into: &values) }
        case .fault(let fault): fillFault(fault, failure.job, into: &values)
        }
        return values
    }

    private func fillFault(
        _ fault: GenerationFault, _ job: Job?, into values: inout [RequestProblem.Placeholder: PlaceholderText]
    ) {
        let region = job?.region
        values[.site] = PlaceholderText(region?.siteName ?? "Jimeng")
        values[.region] = values[.region] ?? PlaceholderText(region?.rawValue ?? "-")
        values[.model] = values[.model] ?? "-"
        values[.failCode] = PlaceholderText.echo(fault.failCode ?? fault.ret ?? "-")
        values[.status] = PlaceholderText(fault.httpStatus.map { "\($0)" } ?? "-")
        values[.short] = PlaceholderText(english: "the store refused it", chinese: "存储服务拒绝")
        let wait = fault.retryAfter?.wholeMilliseconds ?? Self.usualWait(fault.kind) ?? 0
        values[.seconds] = values[.seconds] ?? PlaceholderText("\((wait + 999) / 1000)")
        values[.count] = values[.count] ?? "-"
        values[.generationID] = values[.generationID] ?? "-"
        values[.historyID] = values[.historyID] ?? "-"
        if fault.kind == .modelUnavailable, values[.list] == nil {
            let offered = catalogue.models.filter { model in
                model.kind == (job?.task.kind ?? .image) && model.status == .current && model.id != job?.task.model
                    && (region.map { model.upstreamKeys[$0] != nil && !model.offlineRegions.contains($0) } ?? true)
            }
            values[.list] = .list(offered.map(\.id))
        }
    }

    /// Waits that are announced when the fault itself knows none, in milliseconds.
    private static func usualWait(_ kind: GenerationFault.Kind) -> Int64? {
        switch kind {
        case .uploadTimeout: 5_000
        case .queueFull, .shuttingDown, .storageUnavailable: 10_000
        default: nil
        }
    }

    private func fill(
        _ template: String, _ values: [RequestProblem.Placeholder: PlaceholderText], _ language: Language
    ) -> String {
        var result = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            result += rest[..<open]
            let name = String(rest[rest.index(after: open)..<close])
            let text = RequestProblem.Placeholder(rawValue: name).flatMap { values[$0] }
            result += (language == .chinese ? text?.chinese : text?.english) ?? "-"
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}
