import GatewayCore
import Testing

@Suite("CRC-32")
struct CRC32Tests {
    @Test(
        "well-known checksums come out",
        arguments: [
            ("", 0), ("a", 0xE8B7_BE43), ("abc", 0x3524_41C2), ("123456789", 0xCBF4_3926),
            ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
        ] as [(String, UInt32)])
    func vectors(_ text: String, _ checksum: UInt32) {
        #expect(CRC32.checksum(of: text.utf8) == checksum)
        #expect(CRC32.checksum(of: Array(text.utf8)) == checksum)
    }

    @Test("pieces of any length give the checksum of the whole, as the bitwise definition does")
    func pieces() {
        let bytes = (0..<1031).map { UInt8(truncatingIfNeeded: $0 &* 167 ^ $0 >> 3) }
        var register: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            register ^= UInt32(byte)
            for _ in 0..<8 { register = register & 1 == 1 ? register >> 1 ^ 0xEDB8_8320 : register >> 1 }
        }
        for size in [1, 2, 7, 8, 9, 64, 500, 1031] {
            var crc = CRC32()
            for start in stride(from: 0, to: bytes.count, by: size) { crc.update(bytes[start...].prefix(size)) }
            #expect(crc.value == ~register, "pieces of \(size)")
        }
    }
}
