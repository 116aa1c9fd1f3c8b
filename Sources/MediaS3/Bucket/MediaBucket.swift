import AsyncHTTPClient
package import GatewayCore
package import Logging
package import MediaFiles
import NIOCore
import NIOHTTP1

/// Results in an S3-compatible bucket, under the names that ``MediaFiles/MediaFolder`` gives them in its folder, so that a
/// folder can be copied into a bucket as it is. When a file was kept is in its metadata (`kept-at`, milliseconds).
///
/// A body is written to a local file first: its name is its checksum, and the facts of a video may stand at its end. From
/// there it is streamed, large ones in parts; memory per call is a chunk, whatever the file's size. Credentials need
/// `s3:GetObject`, `PutObject`, `DeleteObject`, `AbortMultipartUpload`, `ListBucket` and `ListBucketMultipartUploads`.
///
/// Keeping a file and removing it exclude each other within this process. Two processes of one bucket have one index and
/// one retention.
package final class MediaBucket: MediaStore {
    package struct Configuration: Sendable {
        package var address: S3Address
        package var bucket: String
        package var region: String
        package var keys: S3Keys
        /// Before every name: empty, or ending in a slash.
        package var prefix = ""
        /// Files up to this size go in one request, larger ones in parts of it; 5 MiB is the least that S3 takes.
        package var partSize: Int64 = 8 << 20
        /// Before the repeats of a request that failed for now.
        package var pauses: [Duration] = [.milliseconds(200), .seconds(1), .seconds(3)]
        /// Where the names of hosts lead, in place of a look-up.
        package var addresses: [String: String] = [:]

        package init(address: S3Address, bucket: String, region: String, keys: S3Keys) {
            self.address = address
            self.bucket = bucket
            self.region = region
            self.keys = keys
        }
    }

    let configuration: Configuration
    let transport: S3Transport
    let spool: MediaSpool
    let logger: Logger
    private let client: HTTPClient
    private let locks = KeyedLocks<MediaID>()

    /// Connects to nothing yet. ``shutdown()`` must be called.
    /// `spool`: where bodies become files on their way.
    package init(_ configuration: Configuration, spool: MediaSpool, time: any TimeSource, logger: Logger) {
        self.configuration = configuration
        self.spool = spool
        self.logger = logger
        var settings = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10), read: .seconds(45), write: .seconds(45)),
            connectionPool: .init(idleTimeout: .seconds(30), concurrentHTTP1ConnectionsPerHostSoftLimit: 32))
        settings.connectionPool.retryConnectionEstablishment = false
        settings.dnsOverride = configuration.addresses
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        transport = S3Transport(
            client: client, address: configuration.address,
            signer: S3Signer(keys: configuration.keys, region: configuration.region), time: time, logger: logger,
            pauses: configuration.pauses)
    }

    /// Closes every connection; requests under way fail.
    package func shutdown() async {
        do {
            try await client.shutdown()
        } catch {
            logger.warning("HTTP client not shut down cleanly", metadata: ["error": "\(type(of: error))"])
        }
    }

    // MARK: - MediaStore

    /// As ``MediaStore/keep(_:limit:now:)``. Throws ``MediaFault`` (`tooLarge`, `empty`, `unavailable`), what reading `body`
    /// throws, or `CancellationError`; a part that was uploaded is taken back then.
    package func keep(_ body: MediaBody, limit: Int64, now: Timestamp) async throws -> StoredMedia {
        let spooled = try await spool.take(body, limit: limit)
        do {
            let media = spooled.media(keptAt: now)
            guard let name = MediaName(media.key) else { throw MediaFault(.unavailable) }
            try await faulting {
                try await locks.with(media.id) { try await put(spooled, media, as: configuration.prefix + name.path) }
            }
            await spool.discard(spooled)
            return media
        } catch {
            await spool.discard(spooled)
            throw error
        }
    }

    package func keep(_ bytes: [UInt8], as key: MediaKey) async throws {
        guard let name = MediaName(key), let type = MediaType(rawValue: key.fileExtension), key.variant != .original
        else { throw MediaFault(.unavailable) }
        _ = try await faulting {
            try await transport.send(
                .write(bytes, as: configuration.prefix + name.path, mimeType: type.mimeType))
        }
    }

    package func find(_ key: MediaKey) async throws -> MediaFile? {
        guard let name = MediaName(key), let type = MediaType(rawValue: key.fileExtension) else { return nil }
        let found = try await faulting { try await look(at: configuration.prefix + name.path) }
        return found.map { MediaFile(key: key, mimeType: type.mimeType, byteCount: $0.byteCount) }
    }

    /// Length and bytes come from one answer; a download that breaks goes on where it ended.
    package func open(_ key: MediaKey) async throws -> OpenMedia? {
        guard let name = MediaName(key), let type = MediaType(rawValue: key.fileExtension) else { return nil }
        let path = configuration.prefix + name.path
        return try await faulting {
            do {
                let response = try await transport.open(S3Request(method: .get, key: path))
                let count = response.headers.first(name: "content-length").flatMap { Int64($0) }
                guard response.status == .ok, let count, count >= 0 else { throw S3Problem(.senseless) }
                return OpenMedia(
                    file: MediaFile(key: key, mimeType: type.mimeType, byteCount: count),
                    body: ObjectRange(
                        transport: transport, key: path, range: 0..<count, begun: ObjectRange.Begun(response.body)))
            } catch let problem as S3Problem where problem.isMissing {
                return nil
            }
        }
    }

    package func read(_ file: MediaFile, range: Range<Int64>) -> MediaBody {
        let path = MediaName(file.key).map { configuration.prefix + $0.path }
        return ObjectRange(
            transport: transport, key: path ?? "", range: path == nil ? 0..<0 : range.clamped(to: 0..<file.byteCount))
    }

    package func remove(
        _ id: MediaID, fileExtension: String, unlessKeptAfter instant: Timestamp
    ) async throws -> Bool {
        guard let name = MediaName(MediaKey(id, fileExtension: fileExtension)) else { return true }
        let path = configuration.prefix + name.path
        return try await faulting {
            try await locks.with(id) {
                if let file = try await look(at: path) {
                    // One without a time was copied here by other means, before anything was decided about it.
                    if let keptAt = file.keptAt, keptAt > instant { return false }
                    _ = try await transport.send(S3Request(method: .delete, key: path))
                }
                try await removeAll(under: configuration.prefix + name.madeFolder + "/")
                return true
            }
        }
    }

    package func localPath(of file: MediaFile) -> String? { nil }

    // MARK: - Steps

    /// An object as a look tells.
    struct Found: Hashable, Sendable {
        var byteCount: Int64
        var keptAt: Timestamp?
    }

    /// Nil when there is no such object.
    func look(at path: String) async throws -> Found? {
        do {
            let headers = try await transport.send(S3Request(method: .head, key: path)).headers
            guard let count = headers.first(name: "content-length").flatMap({ Int64($0) }), count >= 0 else {
                throw S3Problem(.senseless)
            }
            return Found(
                byteCount: count,
                keptAt: headers.first(name: S3Request.keptAt).flatMap { Int64($0) }
                    .map { Timestamp(milliseconds: $0) })
        } catch let problem as S3Problem where problem.isMissing {
            return nil
        }
    }

    /// Removes the objects whose names begin so, a page at a time.
    private func removeAll(under prefix: String) async throws {
        for _ in 0..<100 {
            let page = try await transport.send(
                S3Request(method: .get, query: [S3Field("list-type", "2"), S3Field("prefix", prefix)])
            ).document
            let names = page.elements("Contents").compactMap { $0.first("Key") }.filter { $0.hasPrefix(prefix) }
            for name in names { _ = try await transport.send(S3Request(method: .delete, key: name)) }
            guard !names.isEmpty, page.first("IsTruncated") == "true" else { return }
        }
    }

    /// What the bucket refuses becomes a fault; why, the log has.
    private func faulting<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let problem as S3Problem {
            throw MediaFault(.unavailable, cause: problem)
        }
    }
}
