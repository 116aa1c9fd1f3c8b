import Foundation
import GatewayCore
import Logging
import MediaFiles
import MediaS3
import NIOPosix

/// Runs `body` with a bucket at this endpoint, which is shut down afterwards.
func withBucket<Value: Sendable>(
    at endpoint: String, isPathStyle: Bool = true,
    keys: S3Keys = S3Keys(accessKeyID: "id", secretAccessKey: Secret("secret")),
    configure: (inout MediaBucket.Configuration) -> Void = { _ in },
    _ body: (MediaBucket, _ spoolFolder: String) async throws -> Value
) async throws -> Value {
    guard let address = S3Address(endpoint: endpoint, bucket: "media", isPathStyle: isPathStyle) else {
        throw MediaFault(.unavailable)
    }
    let folder = NSTemporaryDirectory() + "jimeng-bucket-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }  // A leftover there does no harm.
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    var configuration = MediaBucket.Configuration(
        address: address, bucket: "media", region: "us-east-1", keys: keys)
    configuration.pauses = [.zero, .zero, .zero]
    configure(&configuration)
    let bucket = MediaBucket(
        configuration, spool: MediaSpool(folder: folder, threads: .singleton, logger: logger), time: SystemTime(),
        logger: logger)
    let result: Result<Value, any Error>
    do {
        result = .success(try await body(bucket, folder))
    } catch {
        result = .failure(error)
    }
    await bucket.shutdown()
    return try result.get()
}

/// The names of the files that are left in a folder.
func leftovers(in folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
}

/// Bytes of no known type: a block of prime length again and again, so that parts of a round size differ.
func noise(_ count: Int) -> [UInt8] {
    let block = (0..<min(count, 65_521)).map { UInt8(truncatingIfNeeded: ($0 &* 31) ^ ($0 >> 8)) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + block.count)
    while bytes.count < count { bytes += block }
    bytes.removeLast(bytes.count - count)
    return bytes
}
