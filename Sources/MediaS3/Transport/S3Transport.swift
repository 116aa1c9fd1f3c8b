import AsyncHTTPClient
import GatewayCore
import Logging
import NIOCore
import NIOHTTP1

/// Carries requests to the bucket: signature, deadline, size limit, repeats. Every request here may be repeated: they
/// name what they write and where.
struct S3Transport: Sendable {
    let client: HTTPClient
    let address: S3Address
    let signer: S3Signer
    let time: any TimeSource
    let logger: Logger
    /// Before the repeats.
    let pauses: [Duration]
    /// For an answer without a large body to be read, and for a large one to begin.
    private static let deadline: Duration = .seconds(30)
    /// The same where somebody waits for no more than a few headers.
    private static let lookDeadline: Duration = .seconds(10)

    /// Bytes per second that an upload has to have on the average, beyond the deadline.
    private static let leastSpeed: Int64 = 64 << 10
    /// Largest XML answer: a page of a thousand names.
    private static let answerLimit = 4 << 20

    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var document: S3Document
    }

    /// Sends a request until it succeeds, is refused for good, or the repeats are used up.
    /// - Throws: ``S3Problem``, `CancellationError`.
    func send(_ request: S3Request) async throws -> Answer {
        try await repeatedly(request) {
            let usual = request.method == .head ? Self.lookDeadline : Self.deadline
            let limit = usual + .seconds(request.byteCount / Self.leastSpeed)
            return try await withinTime(limit) {
                let response = try await client.execute(outgoing(request), deadline: .distantFuture)
                let status = Int(response.status.code)
                let body = try await response.body.collect(upTo: Self.answerLimit)
                let document = S3Document(Array(body.readableBytesView))
                // Some actions begin their answer with 200 before they know whether they succeed.
                guard (200..<300).contains(status), !document.has("Error") else {
                    throw S3Problem(.refused(status: status), code: document.first("Code"))
                }
                return Answer(status: status, headers: response.headers, document: document)
            }
        }
    }

    /// As ``send(_:)``, but gives the body to be streamed; its length is for the caller to check.
    func open(_ request: S3Request) async throws -> HTTPClientResponse {
        try await repeatedly(request) {
            let (deadline, outgoing) = (NIODeadline.now() + .init(Self.deadline), outgoing(request))
            let response = try await client.execute(outgoing, deadline: deadline)
            guard (200..<300).contains(response.status.code) else {
                let body = try? await response.body.collect(upTo: Self.answerLimit)  // Only its word is of interest.
                throw S3Problem(
                    .refused(status: Int(response.status.code)),
                    code: body.flatMap { S3Document(Array($0.readableBytesView)).first("Code") })
            }
            return response
        }
    }

    /// Waits before the repeat of this number, from 0.
    /// Returns false when there is no such repeat.
    func pause(before number: Int) async throws -> Bool {
        guard number < pauses.count else { return false }
        try await time.sleep(until: time.now + pauses[number] * Double.random(in: 0.8...1.2))
        return true
    }

    private func repeatedly<Value: Sendable>(
        _ request: S3Request, _ attempt: @Sendable () async throws -> Value
    ) async throws -> Value {
        var number = 0
        while true {
            do {
                return try await attempt()
            } catch let error as MediaFault {
                // The file that is sent can't be read.
                throw error
            } catch {
                try Task.checkCancellation()
                let problem = Self.problem(of: error)
                guard !problem.isMissing else { throw problem }
                logger.notice(
                    "request to the bucket failed",
                    metadata: ["s3.action": "\(request.action)", "attempt": "\(number + 1)", "error": "\(problem)"])
                guard problem.mayPass, try await pause(before: number) else { throw problem }
                number += 1
            }
        }
    }

    /// Texts of the HTTP client may quote addresses, so only kinds are kept.
    static func problem(of error: any Error) -> S3Problem {
        switch error {
        case let problem as S3Problem: problem
        case let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout:
            S3Problem(.tooSlow)
        case let error as HTTPClientError: S3Problem(.lost(error.shortDescription))
        default: S3Problem(.lost("\(type(of: error))"))
        }
    }

    private func outgoing(_ request: S3Request) -> HTTPClientRequest {
        let path = address.path(of: request.key)
        let query = request.canonicalQuery
        var outgoing = HTTPClientRequest(url: address.origin + path + (query.isEmpty ? "" : "?\(query)"))
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in signer.headers(of: request, host: address.host, path: path, at: time.now) {
            outgoing.headers.add(name: field.name, value: field.value)
        }
        switch request.body {
        case .none: break
        case .bytes(let bytes): outgoing.body = .bytes(ByteBuffer(bytes: bytes))
        case .stream(let count, let make): outgoing.body = .stream(make(), length: .known(count))
        }
        return outgoing
    }

    private func withinTime<Value: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await time.sleep(until: time.now + limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let value = first else { throw S3Problem(.tooSlow) }
            return value
        }
    }
}

extension S3Request {
    fileprivate var byteCount: Int64 {
        switch body {
        case .none: 0
        case .bytes(let bytes): Int64(bytes.count)
        case .stream(let count, _): count
        }
    }
}
