/// What the headers of a form part say.
struct MultipartPart: Hashable, Sendable {
    var name: String
    /// As the client gave it, which may be a whole path: never to be used as one. Empty when a browser's file field was
    /// left empty.
    var filename: String?
    /// In lower case, without parameters.
    var contentType: String?

    /// Whether it is a file (endpoints.md section 3.4): it has a file name, or its type is one that only files have.
    var isFile: Bool {
        if filename != nil { return true }
        guard let contentType else { return false }
        return contentType == "application/octet-stream"
            || ["image/", "video/", "audio/"].contains { contentType.hasPrefix($0) }
    }

    init(name: String, filename: String? = nil, contentType: String? = nil) {
        self.name = name
        self.filename = filename
        self.contentType = contentType
    }

    /// Reads a header block without the empty line that ends it. Header lines that are continued on the next are joined.
    init(headers block: [UInt8]) throws(MultipartFault) {
        var disposition: HeaderParameters?
        var type: String?
        for line in try Self.lines(block) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .malformedHeaders }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            let value = line[(colon + 1)...]
            switch name {
            case "content-disposition" where disposition == nil:
                guard let parsed = HeaderParameters(value) else { throw .malformedHeaders }
                disposition = parsed
            case "content-type" where type == nil:
                // Its parameters play no part, even if they are broken.
                type = HeaderParameters(value.prefix { $0 != UInt8(ascii: ";") })?.value
            case "content-transfer-encoding":
                let encoding = HeaderParameters(value)?.value ?? ""
                guard ["binary", "8bit", "7bit"].contains(encoding) else { throw .unsupportedEncoding }
            default: continue
            }
        }
        guard let disposition, let name = disposition.formText("name"), !name.isEmpty else { throw .partWithoutName }
        self.name = name
        filename = disposition.formText("filename")
        contentType = type.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func lines(_ block: [UInt8]) throws(MultipartFault) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var line: [UInt8] = []
        var rest = block[...]
        func finish() throws(MultipartFault) {
            guard !line.isEmpty else { return }
            if line.first == 0x20 || line.first == 0x09 {
                guard var last = lines.popLast() else { throw .malformedHeaders }
                last += line
                lines.append(last)
            } else {
                lines.append(line)
            }
            line = []
        }
        while let byte = rest.popFirst() {
            if byte == 0x0D, rest.first == 0x0A {
                rest = rest.dropFirst()
                try finish()
            } else if byte == 0x0D || byte == 0x0A || byte == 0 {
                throw .malformedHeaders
            } else {
                line.append(byte)
            }
        }
        try finish()
        return lines
    }
}
