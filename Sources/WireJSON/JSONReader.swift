/// The strict reader: RFC 8259 and nothing else, on raw bytes.
///
/// Works on a buffer it does not own, so it lives only inside the closure that lends the bytes. Throws bare kinds with
/// the offset left in `position`; `locate(_:)` turns them into lines and columns only when something went wrong.
struct JSONReader {
    /// No number needs more characters than this; longer ones are refused instead of handed to the double parser.
    static let longestNumber = 1_024
    /// Hard stop for the recursion, whatever depth the caller allows.
    static let deepest = 512

    private let bytes: UnsafeBufferPointer<UInt8>
    private let maximumDepth: Int
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int) {
        self.bytes = bytes.assumingMemoryBound(to: UInt8.self)
        self.maximumDepth = min(maximumDepth, Self.deepest)
    }

    /// Reads one value and makes sure that only white space follows.
    mutating func readDocument() throws(JSONParseError) -> JSONValue {
        do throws(Failure) {
            if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
            skipWhitespace()
            guard position < bytes.count else { throw Failure(.emptyInput) }
            let value = try readValue(depth: 0)
            skipWhitespace()
            guard position == bytes.count else { throw Failure(.trailingContent) }
            return value
        } catch {
            throw locate(error.kind)
        }
    }

    // MARK: Values

    /// `position` stands on the first byte of the value (never on white space); afterwards right behind the value.
    private mutating func readValue(depth: Int) throws(Failure) -> JSONValue {
        guard position < bytes.count else { throw Failure(.unexpectedEnd) }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try readObject(depth: depth + 1)
        case UInt8(ascii: "["): return try readArray(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readLiteral("true", .bool(true))
        case UInt8(ascii: "f"): return try readLiteral("false", .bool(false))
        case UInt8(ascii: "n"): return try readLiteral("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try readNumber()
        default: throw Failure(.expectedValue)
        }
    }

    private mutating func readObject(depth: Int) throws(Failure) -> JSONValue {
        guard depth <= maximumDepth else { throw Failure(.tooDeep) }
        var object = JSONObject()
        position += 1
        skipWhitespace()
        if take(UInt8(ascii: "}")) { return .object(object) }
        while true {
            guard position < bytes.count else { throw Failure(.unexpectedEnd) }
            guard bytes[position] == UInt8(ascii: "\"") else { throw Failure(.expectedKey) }
            let key = try readString()
            skipWhitespace()
            guard take(UInt8(ascii: ":")) else { throw missing(.expectedColon) }
            skipWhitespace()
            object.set(key, to: try readValue(depth: depth))
            if try endsAfterElement(with: UInt8(ascii: "}")) { return .object(object) }
        }
    }

    private mutating func readArray(depth: Int) throws(Failure) -> JSONValue {
        guard depth <= maximumDepth else { throw Failure(.tooDeep) }
        var array: [JSONValue] = []
        position += 1
        skipWhitespace()
        if take(UInt8(ascii: "]")) { return .array(array) }
        while true {
            array.append(try readValue(depth: depth))
            if try endsAfterElement(with: UInt8(ascii: "]")) { return .array(array) }
        }
    }

    /// Consumes a comma (false) or the closing bracket (true), with the white space around them.
    private mutating func endsAfterElement(with close: UInt8) throws(Failure) -> Bool {
        skipWhitespace()
        if take(close) { return true }
        guard take(UInt8(ascii: ",")) else { throw missing(.expectedCommaOrEnd) }
        skipWhitespace()
        if position < bytes.count, bytes[position] == close { throw Failure(.trailingComma) }
        return false
    }

    private mutating func readLiteral(_ word: StaticString, _ value: JSONValue) throws(Failure) -> JSONValue {
        let length = word.utf8CodeUnitCount
        for offset in 0..<length {
            guard position + offset < bytes.count else {
                position = bytes.count
                throw Failure(.unexpectedEnd)
            }
            guard bytes[position + offset] == word.utf8Start[offset] else { throw Failure(.expectedValue) }
        }
        position += length
        return value
    }

    // MARK: Numbers

    private mutating func readNumber() throws(Failure) -> JSONValue {
        let start = position
        let negative = take(UInt8(ascii: "-"))
        let firstDigit = position
        var magnitude: UInt64 = 0
        var overflow = false
        while position < bytes.count, let digit = Self.digit(bytes[position]) {
            let (product, carried) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carriedAgain) = product.addingReportingOverflow(digit)
            overflow = overflow || carried || carriedAgain
            magnitude = sum
            position += 1
        }
        guard position > firstDigit else { throw missing(.invalidNumber) }
        if position - firstDigit > 1, bytes[firstDigit] == UInt8(ascii: "0") {
            position = firstDigit
            throw Failure(.invalidNumber)
        }
        var whole = true
        if take(UInt8(ascii: ".")) {
            whole = false
            try skipDigits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            whole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try skipDigits()
        }
        if whole, !overflow {
            if !negative, let value = Int64(exactly: magnitude) { return .integer(value) }
            if negative, magnitude <= UInt64(Int64.max) { return .integer(-Int64(magnitude)) }
            if negative, magnitude == UInt64(Int64.max) + 1 { return .integer(.min) }
        }
        let length = position - start
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        guard length <= Self.longestNumber, let value = Double(text), value.isFinite else {
            position = start
            throw Failure(.numberOutOfRange)
        }
        return .number(value)
    }

    private mutating func skipDigits() throws(Failure) {
        let start = position
        while position < bytes.count, Self.digit(bytes[position]) != nil { position += 1 }
        guard position > start else { throw missing(.invalidNumber) }
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? UInt64(byte &- UInt8(ascii: "0")) : nil
    }

    // MARK: Strings

    /// `position` stands on the opening quote; afterwards behind the closing one.
    private mutating func readString() throws(Failure) -> String {
        position += 1
        let start = position
        var escaped = false
        var plain = true
        while true {
            guard position < bytes.count else { throw Failure(.unexpectedEnd) }
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                escaped = true
                position += 1
                guard position < bytes.count else { throw Failure(.unexpectedEnd) }
                // A control character right behind a backslash is an invalid escape, found when decoding.
            } else if byte < 0x20 {
                throw Failure(.controlCharacter)
            } else if byte >= 0x80 {
                plain = false
            }
            position += 1
        }
        let end = position
        let raw = UnsafeBufferPointer(rebasing: bytes[start..<end])
        if !plain, let bad = JSONUTF8.firstInvalid(in: raw) {
            position = start + bad
            throw Failure(.invalidUTF8)
        }
        position = end + 1
        guard escaped else { return String(decoding: raw, as: UTF8.self) }
        var invalid: Int?
        // No escape is shorter than what it stands for, so the raw length is enough room.
        let text = String(unsafeUninitializedCapacity: raw.count) { buffer in
            JSONUnescaper.decode(raw, into: buffer, invalidEscape: &invalid)
        }
        if let invalid {
            position = start + invalid
            throw Failure(.invalidEscape)
        }
        return text
    }

    // MARK: Small steps

    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// `kind`, or the end of the text when there is nothing more to look at.
    private func missing(_ kind: JSONParseError.Kind) -> Failure {
        Failure(position < bytes.count ? kind : .unexpectedEnd)
    }

    private func locate(_ kind: JSONParseError.Kind) -> JSONParseError {
        JSONParseError(kind: kind, offset: position, in: bytes)
    }
}

/// A kind on its way up, before the position is known.
private struct Failure: Error {
    let kind: JSONParseError.Kind

    init(_ kind: JSONParseError.Kind) { self.kind = kind }
}
