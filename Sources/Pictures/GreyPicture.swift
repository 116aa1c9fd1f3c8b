/// A grey H.264 picture of any even size, baseline profile.
struct GreyPicture {
    /// The decoder's configuration as an MP4 file carries it (`avcC`).
    let configuration: [UInt8]
    /// The one slice, without a length or start code in front.
    let slice: [UInt8]

    init(width: Int, height: Int) {
        let (columns, rows) = ((width + 15) / 16, (height + 15) / 16)
        let level: UInt32 = columns * rows <= 3_600 ? 31 : columns * rows <= 36_864 ? 51 : 60
        let (profile, constraints): (UInt32, UInt32) = (66, 0xC0)

        var sequence = Bits()
        sequence.append(profile, bits: 8)
        sequence.append(constraints, bits: 8)
        sequence.append(level, bits: 8)
        sequence.appendCode(0)  // its number
        sequence.appendCode(0)  // frame numbers have 4 bits
        sequence.appendCode(2)  // pictures are shown in the order they are stored
        sequence.appendCode(1)  // reference pictures
        sequence.append(0, bits: 1)
        sequence.appendCode(UInt32(columns - 1))
        sequence.appendCode(UInt32(rows - 1))
        sequence.append(1, bits: 1)  // whole frames
        sequence.append(1, bits: 1)
        let (right, bottom) = ((columns * 16 - width) / 2, (rows * 16 - height) / 2)
        sequence.append(right + bottom > 0 ? 1 : 0, bits: 1)
        if right + bottom > 0 {
            for edge in [0, right, 0, bottom] { sequence.appendCode(UInt32(edge)) }
        }
        sequence.append(0, bits: 1)  // nothing about colours
        let sequenceUnit = sequence.unit(0x67)

        var parameters = Bits()
        parameters.appendCode(0)  // its number
        parameters.appendCode(0)  // the sequence's number
        parameters.append(0, bits: 2)  // coefficients by tables, no fields
        parameters.appendCode(0)  // one group of slices
        parameters.appendCode(0)
        parameters.appendCode(0)
        parameters.append(0, bits: 3)  // no weights
        for _ in 0..<3 { parameters.appendCode(0) }  // ordinary quantisers
        parameters.append(0b100, bits: 3)  // slices say whether edges are smoothed
        let parameterUnit = parameters.unit(0x68)

        var picture = Bits()
        picture.appendCode(0)  // from the first macroblock
        picture.appendCode(7)  // intra, all slices
        picture.appendCode(0)  // the parameters' number
        picture.append(0, bits: 4)  // frame number
        picture.appendCode(0)  // picture number
        picture.append(0, bits: 2)  // nothing about references
        picture.appendCode(0)  // quantiser as usual
        picture.appendCode(1)  // edges are not smoothed
        for _ in 0..<columns * rows { picture.append(0b0010_0111, bits: 8) }
        slice = picture.unit(0x65)

        var configuration: [UInt8] = [1, UInt8(profile), UInt8(constraints), UInt8(level), 0xFF, 0xE1]
        for (count, unit) in [(nil, sequenceUnit), (UInt8(1), parameterUnit)] {
            if let count { configuration.append(count) }
            configuration += [UInt8(unit.count >> 8), UInt8(truncatingIfNeeded: unit.count)] + unit
        }
        self.configuration = configuration
    }

    /// Bits with the highest first.
    private struct Bits {
        private var bytes: [UInt8] = []
        private var pending: UInt8 = 0
        private var count = 0

        mutating func append(_ value: UInt32, bits: Int) {
            for bit in (0..<bits).reversed() {
                pending = pending << 1 | UInt8(value >> UInt32(bit) & 1)
                count += 1
                if count == 8 {
                    bytes.append(pending)
                    (pending, count) = (0, 0)
                }
            }
        }

        /// An unsigned Exp-Golomb code.
        mutating func appendCode(_ value: UInt32) {
            let length = 32 - (value + 1).leadingZeroBitCount
            append(0, bits: length - 1)
            append(value + 1, bits: length)
        }

        /// The whole unit behind its first byte: an end bit, and a 3 wherever two zeros could be taken for a start code.
        func unit(_ type: UInt8) -> [UInt8] {
            var ended = self
            ended.append(1, bits: 1)
            while ended.count != 0 { ended.append(0, bits: 1) }
            var result = [type]
            var zeros = 0
            for byte in ended.bytes {
                if zeros == 2, byte <= 3 {
                    result.append(3)
                    zeros = 0
                }
                result.append(byte)
                zeros = byte == 0 ? zeros + 1 : 0
            }
            return result
        }
    }
}
