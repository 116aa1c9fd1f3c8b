import GatewayCore

/// Base64 text decoded piece by piece while it is read: the standard and the URL-safe alphabet, with or without padding,
/// line breaks and blanks skipped.
struct Base64Body: AsyncSequence, Sendable {
    /// The text is no base64.
    struct Malformed: Error {}

    private static let pieceSize = 192 << 10

    let text: Substring

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var rest: Substring.UTF8View
        private var bits: UInt32 = 0
        private var bitCount = 0
        private var characterCount = 0
        private var isPadded = false

        fileprivate init(_ text: Substring) {
            rest = text.utf8
        }

        mutating func next() async throws -> [UInt8]? {
            try Task.checkCancellation()
            guard !rest.isEmpty else { return nil }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(Base64Body.pieceSize / 4 * 3 + 3)
            var taken = 0
            while taken < Base64Body.pieceSize, let character = rest.popFirst() {
                taken += 1
                switch Base64Body.meaning(of: character) {
                case .blank: continue
                case .padding: isPadded = true
                case .other: throw Malformed()
                case .value(let value):
                    guard !isPadded else { throw Malformed() }
                    characterCount += 1
                    bits = bits << 6 | value
                    bitCount += 6
                    if bitCount >= 8 {
                        bitCount -= 8
                        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
                    }
                }
            }
            // One character alone is not even a byte.
            if rest.isEmpty, characterCount % 4 == 1 { throw Malformed() }
            if bytes.isEmpty { return rest.isEmpty ? nil : [] }
            return bytes
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(text) }

    /// Whether the text consists of nothing but base64.
    static func isPlausible(_ text: Substring) -> Bool {
        var isPadded = false
        for character in text.utf8 {
            switch meaning(of: character) {
            case .blank: continue
            case .padding: isPadded = true
            case .value: if isPadded { return false }
            case .other: return false
            }
        }
        return true
    }

    private enum Meaning {
        case value(UInt32)
        case padding, blank, other
    }

    private static func meaning(of character: UInt8) -> Meaning {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): .value(UInt32(character - UInt8(ascii: "A")))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): .value(UInt32(character - UInt8(ascii: "a")) + 26)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .value(UInt32(character - UInt8(ascii: "0")) + 52)
        case UInt8(ascii: "+"), UInt8(ascii: "-"): .value(62)
        case UInt8(ascii: "/"), UInt8(ascii: "_"): .value(63)
        case UInt8(ascii: "="): .padding
        case 0x20, 0x09, 0x0A, 0x0D: .blank
        default: .other
        }
    }
}
