import GatewayCore
import HTTPTypes
package import Hummingbird
import Logging
import NIOHTTP1

/// Everything that happens to every request, around the router. One layer instead of a chain of middleware, in this
/// order:
///
/// 1. `GET /ping` is answered at once; it needs nothing of what follows but an id and the origin header.
/// 2. The request gets its id (`x-request-id`), and loses what its sender is not believed (``ProxyTrust``).
/// 3. `OPTIONS` is answered without routing or authentication.
/// 4. The router runs the handler; `HEAD` runs the handler of `GET` without the body.
/// 5. Whatever was thrown becomes the one error shape; so do the router's own refusals.
/// 6. JSON is packed for clients that take gzip. Common headers: request id, CORS, OpenAI's version and processing time.
/// 7. It is counted, and one log line says method, route, status, duration and ids; never headers or bodies.
package struct GatewayResponder: HTTPResponder {
    package typealias Context = GatewayRequestContext

    private let router: RouterResponder<GatewayRequestContext>
    private let table: RouteTable
    private let errors: ErrorResponder
    private let services: Boxed<GatewayServices>
    private let cors: CrossOrigin
    private let logsRequests: Bool
    private let pong: HTTPFields
    private let metrics: HTTPMetrics
    private let trust: ProxyTrust

    /// A client that left before the answer; nobody reads it, the log does.
    private static let clientClosed = HTTPResponse.Status(code: 499, reasonPhrase: "Client Closed Request")
    private static let openAIVersion = HTTPField(name: .openAIVersion, value: "2020-10-01")
    private static let quietRoutes: Set<String> = ["/health", "/ready", "/metrics", "/favicon.ico"]

    init(
        router: RouterResponder<GatewayRequestContext>, table: RouteTable, errors: ErrorResponder,
        services: Boxed<GatewayServices>, configuration: Boxed<HTTPConfiguration>
    ) {
        self.router = router
        self.table = table
        self.errors = errors
        self.services = services
        metrics = services.metrics.http
        trust = ProxyTrust(configuration)
        cors = CrossOrigin(origins: configuration.corsOrigins)
        logsRequests = configuration.logsRequests
        var pong: HTTPFields = [
            .contentType: "text/plain; charset=utf-8", .contentLength: "4", .openAIProcessing: "0",
        ]
        pong.append(Self.openAIVersion)
        if configuration.corsOrigins.isEmpty { pong[.accessControlAllowOrigin] = "*" }
        self.pong = pong
    }

    package func respond(to request: Request, context: Context) async throws -> Response {
        // 1.
        if request.method == .get, request.head.path == "/ping" { return answerPing(request) }
        // 2.
        var context = context
        context.requestID = RequestID.choose(from: request.headers, random: services.random)
        context.startedAt = services.time.now
        let request = trust.cleaned(request, from: context.peer)
        // 3. and 4.
        let isAdministrative = request.head.path.map(AdminAccess.covers) ?? false
        var response: Response
        if request.method == .options {
            response = Response(status: .noContent)
            if !isAdministrative { cors.addPreflight(to: &response.headers, for: request.headers) }
        } else {
            response = try await routed(request.unpacked, context)
        }
        // 6.
        try await AnswerCompression.apply(to: &response, for: request)
        for field in context.notes.all { response.headers.append(field) }
        response.headers.append(HTTPField(name: .xRequestID, value: context.requestID))
        if !isAdministrative { cors.add(to: &response.headers, for: request.headers) }
        let elapsed = (services.time.now - context.startedAt).wholeMilliseconds
        response.headers.append(Self.openAIVersion)
        response.headers.append(HTTPField(name: .openAIProcessing, value: String(elapsed)))
        let route = context.endpointPath ?? ""
        metrics.answered(
            request.method.rawValue, route == "NotFound" ? "" : route, response.status.code,
            after: .milliseconds(elapsed))
        // 7.
        log(request, context, response, elapsed)
        return response
    }

    private func answerPing(_ request: Request) -> Response {
        metrics.pings.add()
        var headers = pong
        headers.append(
            HTTPField(name: .xRequestID, value: RequestID.choose(from: request.headers, random: services.random)))
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ServiceRoutes.pong))
    }

    // 4. and 5.
    private func routed(_ request: Request, _ context: Context) async throws -> Response {
        do {
            // A name in the place of an id.
            if request.method != .post, table.isReserved(request.uri.path) {
                throw table.failure(method: request.method, path: request.uri.path)
            }
            let response = try await answer(to: request, context)
            if response.status.code >= 400, response.headers[.contentType] == nil {
                throw refusal(response.status, request, context)
            }
            return response
        } catch let error as HTTPParserError {
            // The connection answers this one and closes.
            throw error
        } catch WaitInterruption.clientGone {
            return Response(status: Self.clientClosed)
        } catch {
            return errors.response(
                for: error, headers: request.headers, requestID: context.requestID, path: request.uri.path)
        }
    }

    /// A handler that has to wait leaves the wait to this task.
    private func answer(to request: Request, _ context: Context) async throws -> Response {
        let response = try await handled(request, context)
        guard let later = context.notes.takeLater() else { return response }
        return try await later()
    }

    /// Handlers that may wait run in a task of their own: reading a request and deciding what it means takes ten times the
    /// memory of waiting, and only the end of a task gives its frames back.
    private func handled(_ request: Request, _ context: Context) async throws -> Response {
        guard request.method == .post else { return try await router.respond(to: request, context: context) }
        async let response = router.respond(to: request, context: context)
        return try await response
    }

    /// What an answer of the router itself, which has no body, means.
    private func refusal(_ status: HTTPResponse.Status, _ request: Request, _ context: Context) -> any Error {
        switch status.code {
        case 404: return table.failure(method: request.method, path: request.uri.path)
        case 413: return RequestProblem(.requestTooLarge, values: [.max: "the limit"])
        case 400: return RequestProblem(.invalidJSON, values: [.line: "1", .column: "1"])
        default: return GenerationFault(.internalError)
        }
    }

    private func log(_ request: Request, _ context: Context, _ response: Response, _ elapsed: Int64) {
        guard logsRequests else { return }
        let route = context.endpointPath ?? ""
        let status = response.status.code
        let level: Logger.Level =
            if status >= 500 { .warning } else if status < 400, Self.quietRoutes.contains(route) { .debug } else {
                .info
            }
        guard services.logger.logLevel <= level else { return }
        var metadata: Logger.Metadata = [
            "http.method": "\(request.method.rawValue)", "http.status": "\(status)", "http.duration_ms": "\(elapsed)",
            "request.id": "\(context.requestID)",
        ]
        // A path that met no route is a client's text: without query, cut and cleaned.
        metadata["http.route"] =
            route.isEmpty || route == "NotFound"
            ? "\(PlaceholderText.echo(request.uri.path).english)" : "\(route)"
        if let id = response.headers[.xGenerationID] { metadata["generation.id"] = "\(id)" }
        services.logger.log(level: level, "request", metadata: metadata)
    }
}
