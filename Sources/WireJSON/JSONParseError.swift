/// Why a text is no JSON, and where. Carries nothing of the text itself, so it may be logged and shown.
package struct JSONParseError: Error, Hashable, Sendable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Nothing but white space.
        case emptyInput
        /// The text stops inside a value.
        case unexpectedEnd
        case expectedValue
        /// A member name in double quotes was due.
        case expectedKey
        case expectedColon
        case expectedCommaOrEnd
        /// A comma right before `}` or `]`.
        case trailingComma
        case invalidNumber
        /// A number beyond what a double can hold, or written with more than 1,024 characters.
        case numberOutOfRange
        case invalidEscape
        /// A raw control character (below U+0020) inside a string.
        case controlCharacter
        case invalidUTF8
        /// More nested arrays and objects than the caller allows.
        case tooDeep
        /// Something follows the value.
        case trailingContent
    }

    package var kind: Kind
    /// Line of the offending byte, from 1.
    package var line: Int
    /// Column of the offending byte in characters (Unicode scalars), from 1.
    package var column: Int
    /// Offset of the offending byte from the start of the input, from 0.
    package var offset: Int

    package init(kind: Kind, line: Int, column: Int, offset: Int) {
        self.kind = kind
        self.line = line
        self.column = column
        self.offset = offset
    }
}

extension JSONParseError {
    /// Finds line and column of a place in the text.
    init(kind: Kind, offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        var line = 1
        var column = 1
        let hasMark = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
        for byte in bytes[(hasMark ? 3 : 0)..<max(offset, hasMark ? 3 : 0)] {
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.init(kind: kind, line: line, column: column, offset: offset)
    }
}

extension JSONParseError: CustomStringConvertible {
    package var description: String { "\(reason) at line \(line), column \(column)" }

    /// The kind in words, without the position.
    package var reason: String {
        switch kind {
        case .emptyInput: "no JSON value"
        case .unexpectedEnd: "the text ends too early"
        case .expectedValue: "a JSON value was expected"
        case .expectedKey: "a member name in double quotes was expected"
        case .expectedColon: "a colon was expected"
        case .expectedCommaOrEnd: "a comma or the closing bracket was expected"
        case .trailingComma: "a comma stands before the closing bracket"
        case .invalidNumber: "a malformed number"
        case .numberOutOfRange: "a number out of range"
        case .invalidEscape: "a malformed escape in a string"
        case .controlCharacter: "an unescaped control character in a string"
        case .invalidUTF8: "bytes that are no UTF-8"
        case .tooDeep: "too many nested values"
        case .trailingContent: "something follows the JSON value"
        }
    }
}
