import SiteWire
import Testing

@Suite struct ContentCRC32Tests {
    @Test(
        "the documented checksums, padded to eight digits",
        arguments: [
            (Array("".utf8), "00000000"), (Array("a".utf8), "e8b7be43"), (Array("123456789".utf8), "cbf43926"),
            (Array("hello world".utf8), "0d4a1185"), (Array("jimeng-494".utf8), "00099bcf"),
            (Array(UInt8.min...UInt8.max), "29058c73"),
        ] as [([UInt8], String)])
    func documented(bytes: [UInt8], text: String) {
        #expect(ContentCRC32(bytes).text == text)
        #expect(ContentCRC32(bytes).value == UInt32(text, radix: 16))
    }

    @Test("cutting the bytes anywhere gives the same checksum")
    func pieces() {
        let bytes = Array(UInt8.min...UInt8.max)
        for cut in 0...bytes.count {
            var checksum = ContentCRC32()
            checksum.update(Array(bytes[..<cut]))
            checksum.update(Array(bytes[cut...]))
            #expect(checksum.text == "29058c73")
        }
    }
}
