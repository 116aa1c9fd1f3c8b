import GatewayCore
import NIOPosix
import Synchronization

/// The bytes of a range of a file, read in chunks on disk threads as they are asked for. The file is opened by the first
/// read of each iteration and closed when the iteration ends or is dropped.
struct FileRange: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error

    /// Most bytes of a chunk.
    static let chunkSize = 256 << 10

    let path: String
    let range: Range<Int64>
    let threads: NIOThreadPool

    func makeAsyncIterator() -> Iterator {
        Iterator(reader: Reader(path: path, threads: threads), offset: range.lowerBound, end: range.upperBound)
    }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let reader: Reader
        fileprivate var offset: Int64
        fileprivate let end: Int64

        /// - Throws: ``MediaFault`` of kind `unavailable` when the file is gone or shorter than the range;
        ///   `CancellationError`.
        mutating func next() async throws -> [UInt8]? {
            guard offset < end else { return nil }
            let bytes = try await reader.read(
                at: offset, count: Int(Swift.min(Int64(FileRange.chunkSize), end - offset)))
            offset += Int64(bytes.count)
            return bytes
        }
    }

    /// The open file of one iteration.
    fileprivate final class Reader: Sendable {
        private let path: String
        private let threads: NIOThreadPool
        private let descriptor = Mutex<Int32?>(nil)

        init(path: String, threads: NIOThreadPool) {
            self.path = path
            self.threads = threads
        }

        deinit {
            if let descriptor = descriptor.withLock({ $0 }) { FileCalls.closeFile(descriptor) }
        }

        func read(at offset: Int64, count: Int) async throws -> [UInt8] {
            try await threads.runIfActive { [self] in
                do {
                    let bytes = try FileCalls.read(try open(), at: offset, count: count)
                    // The rest was promised, and would never come.
                    guard !bytes.isEmpty else { throw MediaFault(.unavailable) }
                    return bytes
                } catch let error as FileCallError {
                    throw MediaFault(.unavailable, cause: error)
                }
            }
        }

        private func open() throws -> Int32 {
            if let descriptor = descriptor.withLock({ $0 }) { return descriptor }
            guard let opened = try FileCalls.openForReading(path) else { throw MediaFault(.unavailable) }
            descriptor.withLock { $0 = opened }
            return opened
        }
    }
}
