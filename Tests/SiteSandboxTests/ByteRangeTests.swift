import Testing

@testable import SiteSandbox

@Suite("A range of a download")
struct ByteRangeTests {
    @Test(
        "is read as HTTP says",
        arguments: [
            (nil, .whole), ("bytes=0-", .part(0..<100)), ("bytes=0-0", .part(0..<1)), ("bytes=10-19", .part(10..<20)),
            ("bytes=90-500", .part(90..<100)), ("bytes=-10", .part(90..<100)), ("bytes=-500", .part(0..<100)),
            ("bytes=100-", .unsatisfiable), ("bytes=100-200", .unsatisfiable), ("bytes=-0", .unsatisfiable),
            ("bytes=5-4", .whole), ("bytes=-", .whole), ("bytes=0-1,5-6", .whole), ("items=0-1", .whole),
            ("bytes=a-b", .whole), ("bytes=--1", .whole), ("bytes=99999999999999999999-", .whole),
            ("bytes=+1-2", .whole),
        ] as [(String?, ByteRange)])
    func reading(header: String?, range: ByteRange) {
        #expect(ByteRange(header: header, count: 100) == range)
    }
}
