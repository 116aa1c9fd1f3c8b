package import GatewayCore

/// Bytes in chunks, as a ``MediaBody``, optionally ending in an error instead of an end.
package struct ByteChunks: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = any Error

    private let bytes: [UInt8]
    private let chunkSize: Int
    private let failure: (any Error)?

    /// `failure` is thrown after the last byte.
    package init(_ bytes: [UInt8], chunkSize: Int = 64 << 10, failure: (any Error)? = nil) {
        self.bytes = bytes
        self.chunkSize = Swift.max(1, chunkSize)
        self.failure = failure
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(rest: bytes[...], chunkSize: chunkSize, failure: failure)
    }

    package struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<UInt8>
        let chunkSize: Int
        let failure: (any Error)?

        package mutating func next() async throws -> [UInt8]? {
            try Task.checkCancellation()
            guard !rest.isEmpty else {
                if let failure { throw failure }
                return nil
            }
            defer { rest = rest.dropFirst(chunkSize) }
            return Array(rest.prefix(chunkSize))
        }
    }

    /// Every byte of a body.
    package static func collect(_ body: MediaBody) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in body { bytes += chunk }
        return bytes
    }
}
