/// Reads scattered pieces of a file whose inner structure is not trusted: never outside of it, and only so often, so that
/// a file made of loops and countless tiny boxes costs no more than an ordinary one.
struct PieceReader {
    /// How many pieces may be read before the file's structure is given up.
    static let mostPieces = 2048
    static let largestPiece = 64 << 10

    let byteCount: Int64
    private var piecesLeft = Self.mostPieces
    private let read: (Int64, Int) throws -> [UInt8]

    /// `read` gives up to as many bytes as asked for, from an offset.
    init(byteCount: Int64, read: @escaping (Int64, Int) throws -> [UInt8]) {
        self.byteCount = byteCount
        self.read = read
    }

    /// Exactly `count` bytes at `offset`; nil when the file has not that many there, can't be read, or was asked for too
    /// often.
    mutating func bytes(at offset: Int64, count: Int) -> [UInt8]? {
        guard let bytes = bytes(at: offset, upTo: count), bytes.count == count else { return nil }
        return bytes
    }

    /// At most `count` bytes at `offset`, fewer at the end of the file; nil as above or when there are none.
    mutating func bytes(at offset: Int64, upTo count: Int) -> [UInt8]? {
        guard piecesLeft > 0, offset >= 0, offset < byteCount, count > 0, count <= Self.largestPiece else { return nil }
        piecesLeft -= 1
        guard let bytes = try? read(offset, Int(min(Int64(count), byteCount - offset))), !bytes.isEmpty else {
            return nil
        }
        return bytes
    }
}

extension [UInt8] {
    /// An unsigned number, most significant byte first. The bytes must be there.
    func bigEndian(at offset: Int, bytes count: Int) -> UInt64 {
        self[offset..<offset + count].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// An unsigned number, least significant byte first. The bytes must be there.
    func littleEndian(at offset: Int, bytes count: Int) -> UInt64 {
        self[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
