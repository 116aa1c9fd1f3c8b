import GatewayCore
import Logging
import MediaFiles
import MediaS3
import NIOPosix

/// Where copies of results lie, with what its owner has to do about it.
struct MediaPlace: Sendable {
    let store: any MediaStore
    /// Takes back what a crash left.
    let sweep: @Sendable (Timestamp) async throws -> Void
    let close: @Sendable () async -> Void

    /// `folder`: of the results on this machine; what is on its way to a bucket lies there too.
    init(_ location: AppConfiguration.MediaLocation, folder: String, time: any TimeSource, logger: Logger) {
        switch location {
        case .folder:
            let files = MediaFolder(root: folder, threads: .singleton, logger: logger)
            store = files
            sweep = { _ = try await files.sweep(now: $0) }
            close = {}
        case .bucket(let configuration):
            let bucket = MediaBucket(
                configuration, spool: Self.spool(folder, logger), time: time, logger: logger)
            store = bucket
            sweep = { try await bucket.sweep(now: $0) }
            close = { await bucket.shutdown() }
        }
    }

    /// Where bodies become files on their way.
    static func spool(_ folder: String, _ logger: Logger) -> MediaSpool {
        MediaSpool(folder: folder + "/incoming", threads: .singleton, logger: logger)
    }
}
