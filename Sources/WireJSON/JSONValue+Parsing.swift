extension JSONValue {
    /// Reads exactly one JSON value (RFC 8259, strict) with nothing but white space around it.
    ///
    /// UTF-8 only; a leading byte order mark is skipped; of members with the same name the last wins; a surrogate escape
    /// without its partner becomes U+FFFD. `maximumDepth` counts nested arrays and objects and is never taken as more
    /// than 512. The size of the input is the caller's to bound: the value takes at most a small multiple of it.
    package static func parse(
        _ bytes: UnsafeRawBufferPointer, maximumDepth: Int = 64
    ) throws(JSONParseError) -> JSONValue {
        var reader = JSONReader(bytes, maximumDepth: maximumDepth)
        return try reader.readDocument()
    }

    /// As the form for raw buffers.
    package static func parse(_ bytes: [UInt8], maximumDepth: Int = 64) throws(JSONParseError) -> JSONValue {
        let result = bytes.withUnsafeBytes { buffer in outcome(of: buffer, maximumDepth: maximumDepth) }
        return try result.get()
    }

    /// As the form for raw buffers.
    package static func parse(_ text: String, maximumDepth: Int = 64) throws(JSONParseError) -> JSONValue {
        var text = text
        let result = text.withUTF8 { buffer in
            outcome(of: UnsafeRawBufferPointer(buffer), maximumDepth: maximumDepth)
        }
        return try result.get()
    }

    private static func outcome(
        of bytes: UnsafeRawBufferPointer, maximumDepth: Int
    ) -> Result<JSONValue, JSONParseError> {
        do throws(JSONParseError) {
            return .success(try parse(bytes, maximumDepth: maximumDepth))
        } catch {
            return .failure(error)
        }
    }
}
