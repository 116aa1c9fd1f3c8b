import Pictures

/// Recognises a file while it streams by: pictures and sounds from its beginning, MP4 and MOV from their index, which may
/// stand at the end.
struct MediaProbe {
    /// How much of the beginning is kept, in bytes.
    static let headLimit = 256 << 10

    private var head: [UInt8] = []
    private var boxes = BoxScanner()

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        if head.count < Self.headLimit { head += bytes.prefix(Self.headLimit - head.count) }
        boxes.add(bytes)
    }

    /// Nil when the file is nothing the site takes. `size` is that of the whole file, in bytes.
    func facts(size: Int) -> MediaFacts? {
        if let header = PictureHeader(head) {
            return MediaFacts(
                kind: .picture, format: header.kind.rawValue, width: header.width, height: header.height)
        }
        return bitmap ?? boxes.index.flatMap { MovieIndex($0, isQuickTime: boxes.isQuickTime)?.facts }
            ?? SoundHeader(head, size: size)?.facts
    }

    /// BMP, which only the site takes.
    private var bitmap: MediaFacts? {
        guard head.starts(with: "BM".utf8), head.count >= 26 else { return nil }
        func number(_ offset: Int) -> Int {
            Int(Int32(truncatingIfNeeded: (0..<4).reduce(0) { $0 | Int(head[offset + $1]) << (8 * $1) }))
        }
        // A height below 0 says that the rows run downwards.
        let (width, height) = (number(18), abs(number(22)))
        guard width > 0, height > 0 else { return nil }
        return MediaFacts(kind: .picture, format: "bmp", width: width, height: height)
    }
}
