import NIOCore

/// Standard base64 with padding, written straight into the answer.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encodedCount(_ count: Int) -> Int { (count + 2) / 3 * 4 }

    static func write(_ bytes: [UInt8], into buffer: inout ByteBuffer) {
        let total = encodedCount(bytes.count)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: total) { output in
            bytes.withUnsafeBufferPointer { input in
                alphabet.withUnsafeBufferPointer { letters in
                    var read = 0
                    var written = 0
                    while read < input.count {
                        let first = Int(input[read])
                        let second = read + 1 < input.count ? Int(input[read + 1]) : 0
                        let third = read + 2 < input.count ? Int(input[read + 2]) : 0
                        output[written] = letters[first >> 2]
                        output[written + 1] = letters[(first & 3) << 4 | second >> 4]
                        output[written + 2] =
                            read + 1 < input.count ? letters[(second & 15) << 2 | third >> 6] : UInt8(ascii: "=")
                        output[written + 3] = read + 2 < input.count ? letters[third & 63] : UInt8(ascii: "=")
                        read += 3
                        written += 4
                    }
                }
            }
            return total
        }
    }
}
