/// The forgiving reader behind ``JSONValue/repair(_:maximumDepth:)-(UnsafeRawBufferPointer,_)``. Notes what it forgave.
///
/// Works on a buffer it does not own, so it lives only inside the closure that lends the bytes.
struct JSONTolerantReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let maximumDepth: Int
    private var position = 0
    private var kinds: Set<JSONRepair.Kind> = []

    init(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int) {
        self.bytes = bytes.assumingMemoryBound(to: UInt8.self)
        self.maximumDepth = min(maximumDepth, JSONReader.deepest)
    }

    mutating func readDocument() throws(JSONParseError) -> JSONRepair {
        do throws(Failure) {
            if let bad = JSONUTF8.firstInvalid(in: bytes) {
                position = bad
                throw Failure(.invalidUTF8)
            }
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
            try skipBlanks()
            guard position < bytes.count else { throw Failure(.emptyInput) }
            let value = try readValue(depth: 0)
            try skipBlanks()
            guard position == bytes.count else { throw Failure(.trailingContent) }
            return JSONRepair(value: value, kinds: kinds.sorted { $0.rawValue < $1.rawValue })
        } catch {
            throw JSONParseError(kind: error.kind, offset: position, in: bytes)
        }
    }

    // MARK: Values

    /// `position` stands on the first byte of the value; afterwards right behind the value.
    private mutating func readValue(depth: Int) throws(Failure) -> JSONValue {
        guard let first = byte(at: position) else { throw Failure(.unexpectedEnd) }
        switch first {
        case UInt8(ascii: "{"): return try readObject(depth: depth + 1)
        case UInt8(ascii: "["): return try readArray(depth: depth + 1)
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try readString())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try readNumber()
        default: return try readLiteral()
        }
    }

    private mutating func readObject(depth: Int) throws(Failure) -> JSONValue {
        guard depth <= maximumDepth else { throw Failure(.tooDeep) }
        var object = JSONObject()
        position += 1
        var isFirst = true
        while try !ends(with: UInt8(ascii: "}"), isFirst: isFirst) {
            isFirst = false
            let key = try readKey()
            try skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw missing(.expectedColon) }
            try skipBlanks()
            object.set(key, to: try readValue(depth: depth))
        }
        return .object(object)
    }

    private mutating func readArray(depth: Int) throws(Failure) -> JSONValue {
        guard depth <= maximumDepth else { throw Failure(.tooDeep) }
        var array: [JSONValue] = []
        position += 1
        while try !ends(with: UInt8(ascii: "]"), isFirst: array.isEmpty) {
            array.append(try readValue(depth: depth))
        }
        return .array(array)
    }

    /// Between members: takes the commas there are, and tells whether the closing bracket follows (it is taken too).
    private mutating func ends(with close: UInt8, isFirst: Bool) throws(Failure) -> Bool {
        try skipBlanks()
        var commas = 0
        while take(UInt8(ascii: ",")) {
            commas += 1
            try skipBlanks()
        }
        let isEnd = take(close)
        if isEnd, commas > 0 { kinds.insert(.trailingComma) }
        if commas > 1 || commas == 1 && isFirst && !isEnd { kinds.insert(.extraComma) }
        if !isEnd, !isFirst, commas == 0 { throw missing(.expectedCommaOrEnd) }
        return isEnd
    }

    private mutating func readKey() throws(Failure) -> String {
        guard let first = byte(at: position) else { throw Failure(.unexpectedEnd) }
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") { return try readString() }
        guard Self.beginsWord(first) else { throw Failure(.expectedKey) }
        kinds.insert(.bareKey)
        return readWord()
    }

    private mutating func readLiteral() throws(Failure) -> JSONValue {
        let start = position
        guard let first = byte(at: start), Self.beginsWord(first) else { throw Failure(.expectedValue) }
        switch readWord() {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        case "True":
            kinds.insert(.pythonLiteral)
            return .bool(true)
        case "False":
            kinds.insert(.pythonLiteral)
            return .bool(false)
        case "None":
            kinds.insert(.pythonLiteral)
            return .null
        default:
            position = start
            throw Failure(.expectedValue)
        }
    }

    private mutating func readWord() -> String {
        let start = position
        while let next = byte(at: position), Self.continuesWord(next) { position += 1 }
        return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
    }

    /// Numbers are read as strictly as ever.
    private mutating func readNumber() throws(Failure) -> JSONValue {
        let start = position
        while let next = byte(at: position), Self.belongsToNumber(next) { position += 1 }
        let token = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[start..<position]))
        do throws(JSONParseError) {
            return try JSONValue.parse(token)
        } catch {
            position = start
            throw Failure(error.kind == .numberOutOfRange ? .numberOutOfRange : .invalidNumber)
        }
    }

    // MARK: Strings

    /// `position` stands on the opening quote; afterwards behind the closing one.
    private mutating func readString() throws(Failure) -> String {
        let quote = bytes[position]
        if quote == UInt8(ascii: "'") { kinds.insert(.singleQuote) }
        position += 1
        var decoded: [UInt8] = []
        var plainStart = position
        while let next = byte(at: position) {
            if next == quote, quote == UInt8(ascii: "\"") || isClosingQuote(at: position) {
                decoded += bytes[plainStart..<position]
                position += 1
                return String(decoding: decoded, as: UTF8.self)
            }
            guard next == UInt8(ascii: "\\") else {
                if next < 0x20 { kinds.insert(.controlCharacter) }
                position += 1
                continue
            }
            decoded += bytes[plainStart..<position]
            readEscape(quote: quote, into: &decoded)
            plainStart = position
        }
        throw Failure(.unexpectedEnd)
    }

    /// A bare apostrophe ends a string only where a string may end.
    private func isClosingQuote(at index: Int) -> Bool {
        var next = index + 1
        while let length = blankLength(at: next) { next += length }
        guard let byte = byte(at: next) else { return true }
        return [UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "}"), UInt8(ascii: "]")].contains(byte)
    }

    /// An escape JSON does not know leaves its backslash as it stands.
    private mutating func readEscape(quote: UInt8, into decoded: inout [UInt8]) {
        if let (scalar, length) = JSONUnescaper.scalar(at: position, in: bytes) {
            decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            position += length
            return
        }
        let letter = byte(at: position + 1)
        if let letter, let plain = JSONUnescaper.single(letter) {
            decoded.append(plain)
            position += 2
        } else if letter == UInt8(ascii: "'"), quote == UInt8(ascii: "'") {
            decoded.append(UInt8(ascii: "'"))
            position += 2
        } else {
            kinds.insert(.escape)
            decoded.append(UInt8(ascii: "\\"))
            position += 1
        }
    }

    // MARK: Between tokens

    private mutating func skipBlanks() throws(Failure) {
        while position < bytes.count {
            if let length = blankLength(at: position) {
                let first = bytes[position]
                if length > 1 || first == 0x0B || first == 0x0C { kinds.insert(.whitespace) }
                position += length
            } else if try !skipComment() {
                return
            }
        }
    }

    private mutating func skipComment() throws(Failure) -> Bool {
        guard byte(at: position) == UInt8(ascii: "/") else { return false }
        switch byte(at: position + 1) {
        case UInt8(ascii: "/"):
            while let next = byte(at: position), next != 0x0A, next != 0x0D { position += 1 }
        case UInt8(ascii: "*"):
            position += 2
            while !(byte(at: position) == UInt8(ascii: "*") && byte(at: position + 1) == UInt8(ascii: "/")) {
                guard position < bytes.count else { throw Failure(.unexpectedEnd) }
                position += 1
            }
            position += 2
        default: return false
        }
        kinds.insert(.comment)
        return true
    }

    /// Bytes of the blank at `index`; nil when there is none.
    private func blankLength(at index: Int) -> Int? {
        guard let first = byte(at: index) else { return nil }
        switch first {
        case 0x20, 0x09, 0x0A, 0x0D, 0x0B, 0x0C: return 1
        case 0xC2: return byte(at: index + 1) == 0xA0 ? 2 : nil
        case 0xE1, 0xE2, 0xE3, 0xEF:
            guard let second = byte(at: index + 1), let third = byte(at: index + 2) else { return nil }
            return Self.isWideBlank(UInt32(first) << 16 | UInt32(second) << 8 | UInt32(third)) ? 3 : nil
        default: return nil
        }
    }

    /// Blanks of three bytes: U+1680, U+2000...200B, 200D, 2028, 2029, 202F, 205F, 2060, 3000, FEFF.
    private static func isWideBlank(_ sequence: UInt32) -> Bool {
        switch sequence {
        case 0xE19A80, 0xE28080...0xE2808B, 0xE2808D, 0xE280A8, 0xE280A9, 0xE280AF, 0xE2819F, 0xE281A0, 0xE38080,
            0xEFBBBF:
            true
        default: false
        }
    }

    // MARK: Small steps

    private func byte(at index: Int) -> UInt8? {
        index < bytes.count ? bytes[index] : nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard self.byte(at: position) == byte else { return false }
        position += 1
        return true
    }

    private func missing(_ kind: JSONParseError.Kind) -> Failure {
        Failure(position < bytes.count ? kind : .unexpectedEnd)
    }

    private static func beginsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "$"):
            true
        default: false
        }
    }

    private static func continuesWord(_ byte: UInt8) -> Bool {
        beginsWord(byte) || byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte)
    }

    private static func belongsToNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}

/// A kind on its way up, before the position is known.
private struct Failure: Error {
    let kind: JSONParseError.Kind

    init(_ kind: JSONParseError.Kind) { self.kind = kind }
}
