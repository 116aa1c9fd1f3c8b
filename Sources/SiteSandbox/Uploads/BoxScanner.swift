/// Finds the index (`moov`) of an MP4 or MOV file that streams by, and keeps nothing else.
struct BoxScanner {
    /// The largest index that is kept, in bytes; a file with a larger one counts as unreadable.
    static let indexLimit = 4 << 20
    /// The boxes such a file can begin with.
    private static let firstTypes: Set<[UInt8]> = Set(
        ["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"].map { Array($0.utf8) })

    private enum State {
        /// The bytes of the next box's header so far.
        case header([UInt8])
        /// Bytes left of a box nobody needs.
        case skipping(UInt64)
        /// Bytes left of the index.
        case collecting(UInt64)
        /// Whole index found, or no such file.
        case done
    }

    private var state = State.header([])
    private var isFirst = true
    private var isType = false
    /// The first four bytes of `ftyp`.
    private var brand: [UInt8] = []
    private var collected: [UInt8] = []
    var isQuickTime: Bool { brand.elementsEqual("qt  ".utf8) }
    /// The contents of `moov` without its header, once they are whole.
    private(set) var index: [UInt8]?

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while !rest.isEmpty {
            switch state {
            case .done: return
            case .header(var header):
                let wanted = Self.isLong(header) ? 16 : 8
                let piece = rest.prefix(wanted - header.count)
                header += piece
                rest = rest.dropFirst(piece.count)
                state = .header(header)
                if header.count == wanted, wanted == 16 || !Self.isLong(header) { begin(header) }
            case .skipping(let left):
                if isType { brand += rest.prefix(Int(min(left, UInt64(4 - min(4, brand.count))))) }
                let count = Int(min(left, UInt64(rest.count)))
                rest = rest.dropFirst(count)
                state = left > UInt64(count) ? .skipping(left - UInt64(count)) : .header([])
            case .collecting(let left):
                let count = Int(min(left, UInt64(rest.count)))
                collected += rest.prefix(count)
                rest = rest.dropFirst(count)
                state = .collecting(left - UInt64(count))
                if left == UInt64(count) {
                    index = collected
                    state = .done
                }
            }
        }
    }

    /// Whether the size of a box stands behind its type, in eight bytes.
    private static func isLong(_ header: [UInt8]) -> Bool {
        header.count >= 8 && header[..<4].elementsEqual([0, 0, 0, 1])
    }

    private mutating func begin(_ header: [UInt8]) {
        let type = Array(header[4..<8])
        if isFirst, !Self.firstTypes.contains(type) {
            state = .done
            return
        }
        isFirst = false
        let bytes = header.count == 16 ? header[8...] : header[..<4]
        let size = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        // Size 0 reaches to the end of the file, where nothing can follow; smaller than its own header is damage.
        guard size >= UInt64(header.count) else {
            state = .done
            return
        }
        let length = size - UInt64(header.count)
        if type.elementsEqual("moov".utf8) {
            state = length > 0 && length <= UInt64(Self.indexLimit) ? .collecting(length) : .done
        } else {
            isType = type.elementsEqual("ftyp".utf8)
            state = length > 0 ? .skipping(length) : .header([])
        }
    }
}
