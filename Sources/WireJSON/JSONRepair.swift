/// A JSON text that was not quite one, read all the same.
package struct JSONRepair: Hashable, Sendable {
    /// What was forgiven. The raw values are public words (endpoints.md section 3.2).
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case bareKey = "bare-key"
        case comment
        case controlCharacter = "control-char"
        case escape
        case extraComma = "extra-comma"
        case pythonLiteral = "python-literal"
        case singleQuote = "single-quote"
        case trailingComma = "trailing-comma"
        case whitespace
    }

    package var value: JSONValue
    /// In alphabetical order, each once.
    package var kinds: [Kind]
}

extension JSONValue {
    /// Reads one JSON value as people and simple programs write it: with trailing and doubled commas, single quotes,
    /// bare keys, comments, Python's literals, raw control characters and unknown escapes in strings, and the white space
    /// of word processors. Nothing is guessed: a missing bracket, quote, colon or comma, a malformed number or a second
    /// value stay errors.
    ///
    /// Works on tokens in one pass, so that no text inside a string is ever touched and the time grows with the length
    /// of the input only. For texts that ``parse(_:maximumDepth:)-(UnsafeRawBufferPointer,_)`` has refused.
    package static func repair(
        _ bytes: UnsafeRawBufferPointer, maximumDepth: Int = 64
    ) throws(JSONParseError) -> JSONRepair {
        var reader = JSONTolerantReader(bytes, maximumDepth: maximumDepth)
        return try reader.readDocument()
    }

    /// As the form for raw buffers.
    package static func repair(_ text: String, maximumDepth: Int = 64) throws(JSONParseError) -> JSONRepair {
        var text = text
        let result = text.withUTF8 { buffer -> Result<JSONRepair, JSONParseError> in
            do throws(JSONParseError) {
                return .success(try repair(UnsafeRawBufferPointer(buffer), maximumDepth: maximumDepth))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
