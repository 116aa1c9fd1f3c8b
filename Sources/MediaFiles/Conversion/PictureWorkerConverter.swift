package import GatewayCore
package import Pictures

/// Conversion of results by the picture worker process.
package struct PictureWorkerConverter: PictureConverter {
    private let worker: PictureWorker

    package init(_ worker: PictureWorker) {
        self.worker = worker
    }

    /// Throws ``MediaFault``: `unreadable` when the bytes are no picture that can be read, `tooLarge` when it has too many
    /// bytes or pixels, `unavailable` when nothing here can convert, the worker is overloaded or it failed; and
    /// `CancellationError`.
    package func convert(
        _ bytes: [UInt8], to format: GatewayCore.PictureFormat, quality: Int
    ) async throws -> [UInt8] {
        do {
            return switch format {
            case .webp: try await worker.convert(bytes, to: .webp, quality: quality)
            case .png: try await worker.convert(bytes, to: .png, quality: quality)
            case .jpeg: try await worker.convert(bytes, to: .jpeg, quality: quality)
            }
        } catch let error as PictureError {
            throw MediaFault(pictures: error)
        }
    }
}

extension MediaFault {
    init(pictures error: PictureError) {
        let kind: Kind =
            switch error {
            case .refused(.unreadable): .unreadable
            case .refused(.tooLarge): .tooLarge
            case .refused(.notWritten), .unavailable, .busy, .crashed, .deadline: .unavailable
            }
        self.init(kind, cause: error)
    }
}
