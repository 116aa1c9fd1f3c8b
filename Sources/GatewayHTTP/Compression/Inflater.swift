import CZlib
import NIOCore

/// Unpacks gzip, zlib and bare deflate, piece by piece. Not to be used by two at once.
final class Inflater {
    enum Fault: Error {
        /// The bytes are not what was declared, or end too early.
        case malformed
        case outOfMemory
    }

    /// Most bytes of one piece, so that a small input that stands for a huge one is met in small steps.
    static let pieceSize = 64 * 1024

    /// zlib keeps the address.
    private let stream: UnsafeMutablePointer<z_stream>
    private let mayBeRaw: Bool
    private var hasBegun = false
    private var input = ByteBuffer()
    /// The last piece was full: there may be more of it although the input is used up.
    private var mayHaveMore = false
    private(set) var isFinished = false

    /// `mayBeRaw`: accept deflate without a head too, which some clients send as `deflate`.
    init(mayBeRaw: Bool) {
        self.mayBeRaw = mayBeRaw
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
    }

    deinit {
        if hasBegun { inflateEnd(stream) }
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    func feed(_ bytes: ByteBuffer) {
        if input.readableBytes == 0 {
            input = bytes
        } else {
            input.writeImmutableBuffer(bytes)
        }
    }

    /// The next piece of what was fed; nil when more has to be fed.
    /// - Throws: ``Fault``.
    func next() throws(Fault) -> ByteBuffer? {
        while input.readableBytes > 0 || mayHaveMore {
            // Several packed texts, one after another, are one text.
            if isFinished { try beginAgain() }
            if !hasBegun { try begin() }
            let (piece, status) = step()
            mayHaveMore = status == Z_OK && piece.readableBytes == Self.pieceSize
            switch status {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END: isFinished = true
            case Z_MEM_ERROR: throw .outOfMemory
            default: throw .malformed
            }
            if piece.readableBytes > 0 { return piece }
            if status == Z_BUF_ERROR { return nil }
        }
        return nil
    }

    private func begin() throws(Fault) {
        let isRaw = mayBeRaw && !Self.looksLikeZlib(input)
        guard jimeng_inflate_begin(stream, isRaw ? 1 : 0) == Z_OK else { throw .outOfMemory }
        hasBegun = true
    }

    private func beginAgain() throws(Fault) {
        guard inflateReset(stream) == Z_OK else { throw .malformed }
        isFinished = false
    }

    private func step() -> (piece: ByteBuffer, status: Int32) {
        var piece = ByteBuffer()
        var status = Z_OK
        var consumed = 0
        input.withUnsafeReadableBytes { bytes in
            let bytes = bytes.bindMemory(to: Bytef.self)
            stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
            stream.pointee.avail_in = uInt(bytes.count)
            piece.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.pieceSize) { room in
                let room = UnsafeMutableRawBufferPointer(rebasing: room.prefix(Self.pieceSize))
                    .bindMemory(to: Bytef.self)
                stream.pointee.next_out = room.baseAddress
                stream.pointee.avail_out = uInt(room.count)
                status = inflate(stream, Z_NO_FLUSH)
                return room.count - Int(stream.pointee.avail_out)
            }
            consumed = bytes.count - Int(stream.pointee.avail_in)
        }
        input.moveReaderIndex(forwardBy: consumed)
        return (piece, status)
    }

    /// Method 8 and a check sum over the first two bytes (RFC 1950); or gzip's own first bytes, for clients that mix the
    /// two names up.
    private static func looksLikeZlib(_ bytes: ByteBuffer) -> Bool {
        let start = Array(bytes.readableBytesView.prefix(2)).map { Int($0) }
        guard start.count == 2 else { return start.first.map { $0 & 15 == 8 || $0 == 0x1F } ?? true }
        return (start[0] & 15 == 8 && (start[0] << 8 | start[1]) % 31 == 0) || start == [0x1F, 0x8B]
    }
}
