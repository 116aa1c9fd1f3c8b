import CZlib
import NIOCore

/// gzip of what is in memory anyway.
enum Gzip {
    /// 1 is fast, 9 is small; beyond 5 JSON hardly shrinks.
    private static let level: Int32 = 5

    /// nil when zlib has no memory, or when the result would be no shorter.
    static func compressed(_ plain: ByteBuffer) -> ByteBuffer? {
        var stream = z_stream()
        return withUnsafeMutablePointer(to: &stream) { stream -> ByteBuffer? in
            guard jimeng_deflate_begin(stream, level) == Z_OK else { return nil }
            defer { deflateEnd(stream) }
            var output = ByteBuffer()
            let status = plain.withUnsafeReadableBytes { input -> Int32 in
                let bytes = input.bindMemory(to: Bytef.self)
                stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
                stream.pointee.avail_in = uInt(bytes.count)
                var status = Z_OK
                // Room for a result that is worth it, and not for another.
                output.writeWithUnsafeMutableBytes(minimumWritableBytes: bytes.count) { room in
                    let room = UnsafeMutableRawBufferPointer(rebasing: room.prefix(bytes.count))
                        .bindMemory(to: Bytef.self)
                    stream.pointee.next_out = room.baseAddress
                    stream.pointee.avail_out = uInt(room.count)
                    status = deflate(stream, Z_FINISH)
                    return room.count - Int(stream.pointee.avail_out)
                }
                return status
            }
            return status == Z_STREAM_END ? output : nil
        }
    }
}
