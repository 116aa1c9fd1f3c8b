import AsyncHTTPClient
import GatewayCore
import Logging
import NIOCore
import NIOHTTP1
import SiteWire

/// Carries requests to the site: network path, deadline, size limit, retries. Knows nothing of what the answers mean.
struct SiteTransport: Sendable {
    let pool: ClientPool
    /// Takes the place of every site host (`upstream.base_url`).
    let upstreamBase: SiteBaseURL?
    /// Where sandbox accounts live; nil when no sandbox runs.
    let sandboxBase: SiteBaseURL?
    let metrics: SiteMetrics
    let logger: Logger

    /// How a call is repeated (errors.md section 5).
    struct Policy: Sendable {
        /// For one attempt, connecting included.
        var deadline: Duration
        /// Waits before the repeats.
        var pauses: [Duration]
        /// Largest answer in bytes.
        var limit: Int

        /// Reads that a user waits for.
        static let read = Policy(
            deadline: .seconds(45), pauses: [.seconds(1), .seconds(2), .seconds(5)], limit: 8 << 20)
        /// Pages of a ledger in the background: a lost one would cost those before it.
        static let ledger = Policy(deadline: .seconds(20), pauses: [.seconds(2)], limit: 8 << 20)
        /// Looks at running jobs: the poller comes again by itself.
        static let poll = Policy(deadline: .seconds(20), pauses: [], limit: 32 << 20)
    }

    struct Answer: Sendable {
        var status: Int
        var body: ByteBuffer
    }

    /// Why no answer came.
    enum Failure: Error {
        /// Not a byte of the body left.
        case notSent(GenerationFault)
        /// It may have arrived.
        case lost(GenerationFault)

        var fault: GenerationFault {
            switch self {
            case .notSent(let fault), .lost(let fault): fault
            }
        }
    }

    func base(for account: AccountCredential) throws(GenerationFault) -> SiteBaseURL? {
        guard account.isSandbox else { return upstreamBase }
        guard let sandboxBase else { throw GenerationFault(.upstreamUnreachable) }
        return sandboxBase
    }

    /// Sends a request that may be repeated. Network failures and the statuses 429, 500, 502, 503 and 504 are tried
    /// again with jittered pauses; after the last try an answer of any status is given back.
    /// `build`: makes the request anew for every attempt, so that its time and signature are fresh.
    func read(
        as account: AccountCredential, policy: Policy = .read, _ build: @Sendable () -> SiteRequest
    ) async throws(GenerationFault) -> Answer {
        var attempt = 0
        while true {
            let result = await exchange(build(), as: account, policy: policy, mark: nil)
            switch result {
            case .success(let answer) where !Self.repeatable.contains(answer.status) || attempt >= policy.pauses.count:
                return answer
            case .failure(let failure) where attempt >= policy.pauses.count:
                throw failure.fault
            case .success, .failure:
                let pause = policy.pauses[attempt] * Double.random(in: 0.8...1.2)
                attempt += 1
                do {
                    try await Task.sleep(for: pause)
                } catch {
                    throw GenerationFault(.upstreamUnreachable)
                }
            }
        }
    }

    private static let repeatable: Set<Int> = [429, 500, 502, 503, 504]

    /// Sends a request that must not arrive twice. Only connections that could not be made are tried again, three in
    /// all; from the first byte of the body on there is exactly one attempt.
    func sendOnce(
        as account: AccountCredential, deadline: Duration, _ build: @Sendable () -> SiteRequest
    ) async -> Result<Answer, Failure> {
        let policy = Policy(deadline: deadline, pauses: [], limit: 8 << 20)
        let pauses: [Duration] = [.seconds(1), .seconds(3)]
        for attempt in 0... {
            let result = await exchange(build(), as: account, policy: policy, mark: SendMark())
            guard case .failure(.notSent(let fault)) = result, fault.kind == .upstreamUnreachable,
                attempt < pauses.count
            else { return result }
            do {
                try await Task.sleep(for: pauses[attempt] * Double.random(in: 0.8...1.2))
            } catch {
                return result
            }
        }
        return .failure(.notSent(GenerationFault(.upstreamUnreachable)))
    }

    private func exchange(
        _ request: SiteRequest, as account: AccountCredential, policy: Policy, mark: SendMark?
    ) async -> Result<Answer, Failure> {
        let start = ContinuousClock.now
        let result = await attempt(request, as: account, policy: policy, mark: mark)
        let outcome: SiteMetrics.Outcome =
            switch result {
            case .success(let answer): SiteMetrics.Outcome(status: answer.status)
            case .failure(.notSent): .notSent
            case .failure(.lost): .lost
            }
        metrics.ended(SiteMetrics.Operation(path: request.path), as: account, outcome, after: .now - start)
        return result
    }

    private func attempt(
        _ request: SiteRequest, as account: AccountCredential, policy: Policy, mark: SendMark?
    ) async -> Result<Answer, Failure> {
        do {
            let client = try await pool.client(for: account)
            let outgoing = try outgoing(request, base: base(for: account), mark: mark)
            let limit = policy.limit
            let logger = logger
            let answer = try await withDeadline(policy.deadline) {
                let response = try await client.execute(outgoing, deadline: .distantFuture, logger: nil)
                let body = try await response.body.collect(upTo: limit)
                return Answer(status: Int(response.status.code), body: body)
            }
            logger.trace("site answered", metadata: ["path": "\(request.path)", "status": "\(answer.status)"])
            return .success(answer)
        } catch let fault as GenerationFault {
            return .failure(.notSent(fault))
        } catch {
            let fault = Self.fault(of: error)
            logger.debug(
                "site not reached", metadata: ["path": "\(request.path)", "error": "\(Self.label(of: error))"])
            return .failure(mark?.isSet == false ? .notSent(fault) : .lost(fault))
        }
    }

    private func outgoing(_ request: SiteRequest, base: SiteBaseURL?, mark: SendMark?) -> HTTPClientRequest {
        var outgoing = HTTPClientRequest(url: request.url(base: base))
        outgoing.method = request.method == .post ? .POST : .GET
        outgoing.headers.reserveCapacity(request.headers.count + 2)
        for header in request.headers { outgoing.headers.add(name: header.name, value: header.value) }
        let body = ByteBuffer(bytes: request.body ?? [])
        if let mark {
            outgoing.body = .stream(MarkedBody(bytes: body, mark: mark), length: .known(Int64(body.readableBytes)))
        } else if request.method == .post {
            outgoing.body = .bytes(body)
        }
        return outgoing
    }

    /// The fault for a broken exchange. Texts of the HTTP client may quote addresses, so only kinds are kept.
    static func fault(of error: any Error) -> GenerationFault {
        switch error as? HTTPClientError {
        case .some(.invalidProxyResponse), .some(.proxyAuthenticationRequired), .some(.socksHandshakeTimeout),
            .some(.httpProxyHandshakeTimeout), .some(.invalidProxyConfiguration):
            GenerationFault(.proxyError)
        default:
            GenerationFault(.upstreamUnreachable, retryAfter: .seconds(5))
        }
    }

    /// A name without content, for logs.
    static func label(of error: any Error) -> String {
        if let error = error as? HTTPClientError { return error.shortDescription }
        return "\(type(of: error))"
    }
}
