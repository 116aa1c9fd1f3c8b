/// Size of a Windows bitmap: a 14-byte file header and one of the usual information headers behind it.
struct BitmapHeader: Equatable {
    /// In pixels, above 0.
    let width: Int
    /// In pixels, above 0; rows may be stored from either end.
    let height: Int

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 26, bytes.starts(with: "BM".utf8) else { return nil }
        func number(at offset: Int, bytes count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
        }
        switch number(at: 14, bytes: 4) {
        case 12:
            (width, height) = (number(at: 18, bytes: 2), number(at: 20, bytes: 2))
        case 40, 52, 56, 64, 108, 124:
            width = Int(Int32(truncatingIfNeeded: number(at: 18, bytes: 4)))
            height = Int(Int32(truncatingIfNeeded: number(at: 22, bytes: 4)).magnitude)
        default:
            return nil
        }
        guard width > 0, height > 0 else { return nil }
    }
}
