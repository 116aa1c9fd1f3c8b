import GatewayCore
import Logging

/// Reads results, from the store or the site, again when that fails (errors.md section 5).
struct ResultFiles: Sendable {
    /// Between the attempts.
    private static let waits: [Duration] = [.seconds(2), .seconds(5)]

    let services: Boxed<GatewayServices>

    /// - Throws: ``GenerationFault`` `result_download_failed`; `CancellationError`.
    func open(_ job: Job, output index: Int) async throws -> RemoteFile {
        try await reading(job, output: index) { $0 }
    }

    /// The whole file.
    /// `limit`: most bytes of it.
    /// - Throws: as ``open(_:output:)``, also when it is larger.
    func bytes(of job: Job, output index: Int, limit: Int) async throws -> [UInt8] {
        try await reading(job, output: index) { file in
            try await collect(file.body, byteCount: file.byteCount, limit: limit)
        }
    }

    /// A body in one piece.
    /// `byteCount`: its size where known; `limit`: most bytes of it.
    /// - Throws: ``GenerationFault`` `result_download_failed` when it is larger; what the body throws.
    func collect(_ body: MediaBody, byteCount: Int64?, limit: Int) async throws -> [UInt8] {
        guard byteCount ?? 0 <= Int64(limit) else { throw GenerationFault(.resultDownloadFailed) }
        var bytes: [UInt8] = []
        if let byteCount { bytes.reserveCapacity(Int(byteCount)) }
        for try await chunk in body {
            guard bytes.count + chunk.count <= limit else { throw GenerationFault(.resultDownloadFailed) }
            bytes += chunk
        }
        return bytes
    }

    private func reading<Value>(
        _ job: Job, output index: Int, _ read: (RemoteFile) async throws -> Value
    ) async throws -> Value {
        var attempt = 0
        while true {
            do {
                return try await read(try await services.generations.content(of: job, output: index))
            } catch let error as CancellationError {
                throw error
            } catch {
                services.logger.warning(
                    "result not readable",
                    metadata: [
                        "generation.id": "\(job.id)", "output.index": "\(index)", "attempt": "\(attempt + 1)",
                        "error": "\(type(of: error))",
                    ])
                guard attempt < Self.waits.count, Self.mayPass(error) else {
                    throw GenerationFault(.resultDownloadFailed)
                }
                try await services.time.sleep(until: services.time.now + Self.waits[attempt])
                attempt += 1
            }
        }
    }

    /// Not for what is gone, too large or behind an account that is not there any more.
    private static func mayPass(_ error: any Error) -> Bool {
        guard let fault = error as? GenerationFault else { return true }
        return fault.kind != .resultDownloadFailed && !(400..<500).contains(fault.httpStatus ?? 0)
    }
}

/// A part of a body that can only be read from its beginning.
struct SlicedBody: AsyncSequence, Sendable {
    let base: MediaBody
    let range: Range<Int64>

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var read: () async throws -> [UInt8]?
        fileprivate let range: Range<Int64>
        fileprivate var position: Int64 = 0

        mutating func next() async throws -> [UInt8]? {
            while position < range.upperBound, let chunk = try await read() {
                let start = position
                position += Int64(chunk.count)
                let wanted = range.clamped(to: start..<position)
                guard !wanted.isEmpty else { continue }
                return Array(chunk[Int(wanted.lowerBound - start)..<Int(wanted.upperBound - start)])
            }
            return nil
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(read: Self.reader(of: base), range: range) }

    /// The iterator of a body whose type is not known.
    private static func reader<Body: AsyncSequence>(of body: Body) -> () async throws -> [UInt8]?
    where Body.Element == [UInt8] {
        var iterator = body.makeAsyncIterator()
        return { try await iterator.next() }
    }
}
