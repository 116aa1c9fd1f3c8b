/// The checksum a raw upload announces: CRC-32 as zip and Ethernet have it (reflected polynomial 0xEDB88320). Fed in
/// pieces of any length.
package struct ContentCRC32: Sendable, Hashable {
    private var state: UInt32 = .max

    package init() {}

    package init(_ bytes: [UInt8]) { update(bytes) }

    /// The checksum of what was fed so far.
    package var value: UInt32 { ~state }

    /// Header form: eight lower-case hexadecimal digits.
    package var text: String { Self.text(value) }

    package static func text(_ value: UInt32) -> String { HexText.of(value) }

    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var crc = state
        var offset = 0
        Self.tables.withUnsafeBufferPointer { tables in
            while bytes.count - offset >= 8 {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                let mixed = word ^ UInt64(crc)
                crc = 0
                for lane in 0..<8 {
                    crc ^= tables[(7 - lane) << 8 | Int(truncatingIfNeeded: mixed >> UInt64(8 * lane)) & 0xFF]
                }
                offset += 8
            }
            while offset < bytes.count {
                crc = tables[Int(UInt8(truncatingIfNeeded: crc) ^ bytes[offset])] ^ crc >> 8
                offset += 1
            }
        }
        state = crc
    }

    /// Eight tables of 256 entries, one behind the other: entry `n` of table `t` is the checksum step of byte `n`
    /// followed by `t` zero bytes.
    private static let tables: [UInt32] = {
        var tables: [UInt32] = []
        tables.reserveCapacity(8 * 256)
        for byte in 0..<UInt32(256) {
            var entry = byte
            for _ in 0..<8 { entry = entry & 1 == 0 ? entry >> 1 : entry >> 1 ^ 0xEDB8_8320 }
            tables.append(entry)
        }
        for index in 256..<(8 * 256) {
            let before = tables[index - 256]
            tables.append(tables[Int(before & 0xFF)] ^ before >> 8)
        }
        return tables
    }()
}
