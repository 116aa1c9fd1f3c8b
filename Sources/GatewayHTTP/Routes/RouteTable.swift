import GatewayCore
import HTTPTypes
import Hummingbird

/// The routes of the API in one place: registers them twice (with and without `/api`), and knows what to say about a
/// request that meets none of them.
struct RouteTable: Sendable {
    typealias Handler = @Sendable (Request, GatewayRequestContext) async throws -> Response

    struct Route: Hashable, Sendable {
        var method: HTTPRequest.Method
        /// Hummingbird's spelling, `:name` captures one segment.
        var path: String
    }

    private struct Unserved: Sendable {
        var path: [Substring]
        /// The path and everything below it.
        var isPrefix: Bool
        var english: String
        var chinese: String
    }

    private(set) var routes: [Route] = []
    private var unserved: [Unserved] = []

    /// Paths below `/v1` are served below `/api/v1` too.
    mutating func add(
        _ method: HTTPRequest.Method, _ path: String, to router: Router<GatewayRequestContext>,
        _ handler: @escaping Handler
    ) {
        let paths = path.hasPrefix("/v1/") ? [path, "/api" + path] : [path]
        for path in paths {
            routes.append(Route(method: method, path: path))
            router.on(RouterPath(path), method: method, use: handler)
        }
    }

    /// A path of the interfaces people know that is refused with a hint; `*` at the end takes everything below.
    mutating func refuse(_ path: String, english: String, chinese: String) {
        let isPrefix = path.hasSuffix("/*")
        let segments = path.split(separator: "/").filter { $0 != "*" }
        unserved.append(Unserved(path: segments, isPrefix: isPrefix, english: english, chinese: chinese))
    }

    /// Whether a request for `/v1/videos/NAME` names an endpoint beside the videos, not a video.
    func isReserved(_ path: String) -> Bool {
        guard path.hasPrefix("/v1/videos/") || path.hasPrefix("/api/v1/videos/") else { return false }
        let segments = path.split(separator: "/")
        let plain = segments.first == "api" ? Array(segments.dropFirst()) : segments
        return plain.count == 3 && plain[2] == "generations" || unserved.contains { Self.matches($0, plain) }
    }

    /// Why nothing answers here: another method, an endpoint that is not offered, or no such path.
    func failure(method: HTTPRequest.Method, path: String) -> APIFailure {
        let shownPath = PlaceholderText.echo(path)
        let shownMethod = PlaceholderText.echo(method.rawValue)
        let segments = path.split(separator: "/")
        var allowed: [String] = []
        // A refused path may look like one with a parameter.
        let plain = segments.first == "api" ? Array(segments.dropFirst()) : segments
        let isRefused = unserved.contains { Self.matches($0, plain) }
        let matching = routes.filter { Self.matches($0.path.split(separator: "/"), segments) }
        // A name that is an endpoint of its own is no id.
        let exact = matching.filter { !$0.path.contains(":") }
        for route in exact.isEmpty ? matching : exact {
            allowed.append(route.method.rawValue)
            if route.method == .get { allowed.append("HEAD") }
        }
        if !allowed.isEmpty, !isRefused {
            var failure = APIFailure(
                RequestProblem(.methodNotAllowed, values: [.method: shownMethod, .path: shownPath]))
            failure.allow = (allowed + ["OPTIONS"]).joined(separator: ", ")
            return failure
        }
        for entry in unserved where Self.matches(entry, plain) {
            return APIFailure(
                RequestProblem(
                    .unsupportedEndpoint,
                    values: [
                        .path: shownPath, .hint: PlaceholderText(english: entry.english, chinese: entry.chinese),
                    ]))
        }
        return APIFailure(RequestProblem(.unknownURL, values: [.method: shownMethod, .path: shownPath]))
    }

    private static func matches(_ pattern: [Substring], _ segments: [Substring]) -> Bool {
        pattern.count == segments.count && zip(pattern, segments).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
    }

    private static func matches(_ entry: Unserved, _ segments: [Substring]) -> Bool {
        entry.isPrefix ? segments.starts(with: entry.path) : segments == entry.path
    }
}
