/// A lossless WebP of one colour, written without any library: what is served where a picture cannot be drawn.
///
/// The VP8L bit stream codes every pixel by five prefix codes (green, red, blue, alpha, distance). A code with a single
/// symbol takes no bits at all, so with five of those the pixels of a flat picture vanish and only the header is left: 32
/// bytes for any size.
package struct FlatPicture: Sendable {
    /// A side may be as long as VP8L's 14 bits say, in pixels.
    package static let longestSide = 16_384

    /// The whole file.
    package let bytes: [UInt8]

    /// Fully opaque. Nil when a side is below 1 or above ``longestSide``.
    package init?(width: Int, height: Int, red: UInt8, green: UInt8, blue: UInt8) {
        guard (1...Self.longestSide).contains(width), (1...Self.longestSide).contains(height) else { return nil }
        var stream = BitStream()
        stream.append(0x2F, bits: 8)  // signature
        stream.append(UInt32(width - 1), bits: 14)
        stream.append(UInt32(height - 1), bits: 14)
        stream.append(0, bits: 1)  // alpha is not used
        stream.append(0, bits: 3)  // version
        stream.append(0, bits: 1)  // no transform
        stream.append(0, bits: 1)  // no colour cache
        stream.append(0, bits: 1)  // one group of prefix codes for the whole picture
        for symbol in [green, red, blue, 255] {
            stream.append(1, bits: 1)  // a simple code
            stream.append(0, bits: 1)  // of one symbol
            stream.append(1, bits: 1)  // which is written with eight bits
            stream.append(UInt32(symbol), bits: 8)
        }
        stream.append(1, bits: 1)  // distances: a simple code
        stream.append(0, bits: 1)  // of one symbol
        stream.append(0, bits: 1)  // written with one bit
        stream.append(0, bits: 1)
        let payload = stream.bytes
        let padding = payload.count & 1
        var file: [UInt8] = Array("RIFF".utf8)
        file += Self.littleEndian(4 + 8 + payload.count + padding)
        file += Array("WEBPVP8L".utf8)
        file += Self.littleEndian(payload.count)
        file += payload
        if padding == 1 { file.append(0) }
        bytes = file
    }

    private static func littleEndian(_ number: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    /// Bits in VP8L's order: each number with its lowest bit first, filled into bytes from their lowest bit.
    private struct BitStream {
        private var finished: [UInt8] = []
        private var pending: UInt64 = 0
        private var pendingBits = 0

        mutating func append(_ value: UInt32, bits: Int) {
            pending |= UInt64(value) << UInt64(pendingBits)
            pendingBits += bits
            while pendingBits >= 8 {
                finished.append(UInt8(truncatingIfNeeded: pending))
                pending >>= 8
                pendingBits -= 8
            }
        }

        var bytes: [UInt8] {
            pendingBits > 0 ? finished + [UInt8(truncatingIfNeeded: pending)] : finished
        }
    }
}
