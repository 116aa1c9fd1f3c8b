/// The frames on the pipe between server and worker: the length of the payload in four bytes, lowest first, then the
/// payload.
enum PictureFrame {
    static let lengthBytes = 4
    /// The longest payload of a request.
    static let requestLimit = PictureLimits.inputBytes + PictureRequest.headerLength
    /// The longest payload of an answer.
    static let answerLimit = PictureLimits.outputBytes + 1

    /// A whole frame.
    static func wrap(_ payload: [UInt8]) -> [UInt8] {
        var frame: [UInt8] = []
        frame.reserveCapacity(lengthBytes + payload.count)
        append(UInt32(clamping: payload.count), to: &frame)
        frame += payload
        return frame
    }

    static func append(_ number: UInt32, to bytes: inout [UInt8]) {
        for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: number >> UInt32(shift))) }
    }

    static func number(in bytes: [UInt8], at offset: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }

    /// Puts frames together from pieces of any size.
    struct Assembler {
        private var buffer: [UInt8] = []
        private let limit: Int

        /// - Parameter limit: the longest payload that is accepted, in bytes.
        init(limit: Int) {
            self.limit = limit
        }

        struct TooLong: Error {}

        /// The payload of the frame that these bytes complete; nil when more bytes are needed.
        ///
        /// One frame at a time is under way: bytes behind a complete frame are an error of the other side.
        mutating func add(_ bytes: UnsafeRawBufferPointer) throws(TooLong) -> [UInt8]? {
            buffer.append(contentsOf: bytes)
            guard buffer.count >= lengthBytes else { return nil }
            let length = PictureFrame.number(in: buffer, at: 0)
            guard length <= limit, buffer.count <= lengthBytes + length else { throw TooLong() }
            guard buffer.count == lengthBytes + length else { return nil }
            let payload = Array(buffer[lengthBytes...])
            buffer = []
            return payload
        }
    }
}
