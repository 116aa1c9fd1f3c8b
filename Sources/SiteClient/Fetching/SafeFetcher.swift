import AsyncHTTPClient
package import GatewayCore
import NIOCore
import NIOHTTP1

/// Fetches files that clients name by URL, without letting them reach what only this machine can reach (endpoints.md
/// section 4.3).
///
/// For each URL, the first and every redirect's: http or https, an allowed port, no user information; every address of
/// the name is checked and the connection goes to one of them, whatever a second look-up would say. Nothing is sent along
/// that belongs to anybody: no cookies, no authorization, no referrer, never a proxy.
package struct SafeFetcher: InputFetcher {
    package struct Configuration: Sendable {
        package var ports: Set<Int> = [80, 443, 8080, 8443]
        /// Lifts the check of addresses and of ports.
        package var allowsPrivateNetworks = false
        /// Hosts that may have any address: `minio.lan` on the allowed ports, `minio.lan:9000` on exactly that one.
        /// Compared without regard to case, as they stand in the URL.
        package var allowedHosts: Set<String> = []
        /// For one address, TLS included.
        package var connectTimeout: Duration = .seconds(10)
        /// From the call to the last byte, redirects included.
        package var totalTimeout: Duration = .seconds(60)
        package var mostRedirects = 3
        /// Addresses of one name that are tried.
        package var mostAddresses = 3
        package var userAgent =
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"

        package init() {}
    }

    private let configuration: Configuration
    private let allowedHosts: Set<String>
    private let policy: AddressPolicy
    private let resolver: NameResolver
    private let time: any TimeSource

    /// `policy` says what is refused while private networks are not allowed; `resolver` is usually
    /// ``SystemResolver/addresses(of:)``; `time` measures the total time, while connecting is timed by the network library.
    package init(
        configuration: Configuration = Configuration(), policy: AddressPolicy = .standard,
        resolver: @escaping NameResolver, time: any TimeSource = SystemTime()
    ) {
        self.configuration = configuration
        allowedHosts = Set(configuration.allowedHosts.map { $0.lowercased() })
        self.policy = policy
        self.resolver = resolver
        self.time = time
    }

    /// As ``InputFetcher/open(_:limit:)``. Returns with the head of the answer; a length that it announces beyond `limit`
    /// is refused at once. Too many redirects are `addressNotAllowed`, web pages and JSON `remoteNotMedia`.
    /// - Throws: ``InputFault``; `CancellationError`.
    package func open(_ url: String, limit: Int64) async throws -> MediaBody {
        guard var place = FetchURL(url) else { throw InputFault(.addressNotAllowed) }
        let deadline = time.now + configuration.totalTimeout
        for _ in 0...max(0, configuration.mostRedirects) {
            let (response, client) = try await ask(place, until: deadline)
            let status = Int(response.status.code)
            if Self.redirects.contains(status), let location = response.headers.first(name: "location") {
                client.close()
                guard let next = place.following(location) else { throw InputFault(.addressNotAllowed) }
                place = next
                continue
            }
            do {
                try Self.check(status, response.headers, limit: limit)
            } catch {
                client.close()
                throw error
            }
            return FetchedBody(body: response.body, client: client, isSecure: place.isSecure, limit: limit)
        }
        throw InputFault(.addressNotAllowed)
    }

    private static let redirects: Set<Int> = [301, 302, 303, 307, 308]

    private static func check(_ status: Int, _ headers: HTTPHeaders, limit: Int64) throws(InputFault) {
        guard (200...299).contains(status) else { throw InputFault(.remoteStatus(status)) }
        if let length = headers.first(name: "content-length").flatMap({ Int64($0) }), length > limit {
            throw InputFault(.tooLarge(.image, limit: limit))
        }
        let type = headers.first(name: "content-type")?.prefix { $0 != ";" }.lowercased()
        // Anything else is judged by its bytes: many stores declare their files wrongly.
        switch type?.filter({ $0 != " " }) {
        case "text/html", "application/xhtml+xml", "application/json": throw InputFault(.remoteNotMedia)
        default: break
        }
    }

    // MARK: - One exchange

    private func ask(
        _ place: FetchURL, until deadline: Timestamp
    ) async throws -> (response: HTTPClientResponse, client: PinnedClient) {
        var request = HTTPClientRequest(url: place.text)
        request.headers = [
            "User-Agent": configuration.userAgent,
            "Accept": "image/*,video/*,audio/*,*/*;q=0.8",
            "Accept-Encoding": "identity",
        ]
        return try await exchange(request, with: place, until: deadline)
    }

    /// Sends `request`, whose URL is that of `place`, to one of the place's addresses. It leaves at most once: another
    /// address is tried only while none could be connected to.
    /// - Throws: ``InputFault``; `CancellationError`.
    func exchange(
        _ request: HTTPClientRequest, with place: FetchURL, until deadline: Timestamp
    ) async throws -> (response: HTTPClientResponse, client: PinnedClient) {
        let addresses = try await checkedAddresses(of: place)
        guard time.now < deadline else { throw InputFault(.remoteTimeout) }
        for (index, address) in addresses.enumerated() {
            let client = PinnedClient(
                host: place.host, address: address, connectTimeout: configuration.connectTimeout, deadline: deadline,
                time: time)
            do {
                return (try await client.ask(request), client)
            } catch {
                let isExpired = client.isExpired
                client.close()
                if Task.isCancelled { throw CancellationError() }
                if isExpired { throw InputFault(.remoteTimeout) }
                let fault = InputFault.fetching(error, isSecure: place.isSecure, client)
                // Another address helps only against one that can't be connected to.
                if client.isConnected || fault.kind == .addressNotAllowed || index == addresses.count - 1 {
                    throw fault
                }
            }
        }
        throw InputFault(.remoteUnreachable("DNS failure"))
    }

    /// The addresses to try, both versions in turn.
    private func checkedAddresses(of place: FetchURL) async throws -> [IPAddress] {
        let isException =
            configuration.allowsPrivateNetworks || allowedHosts.contains("\(place.host):\(place.port)")
        guard isException || configuration.ports.contains(place.port) else { throw InputFault(.addressNotAllowed) }
        let addresses = try await resolver(place.host)
        if !isException, !allowedHosts.contains(place.host) {
            guard addresses.allSatisfy(policy.permits) else { throw InputFault(.addressNotAllowed) }
        }
        let others = addresses.filter { $0.isVersion4 != addresses.first?.isVersion4 }
        let same = addresses.filter { $0.isVersion4 == addresses.first?.isVersion4 }
        var inTurn: [IPAddress] = []
        for index in 0..<max(same.count, others.count) {
            if index < same.count { inTurn.append(same[index]) }
            if index < others.count { inTurn.append(others[index]) }
        }
        return Array(inTurn.prefix(max(1, configuration.mostAddresses)))
    }
}
