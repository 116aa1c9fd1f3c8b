/// One piece of work for the picture worker, as it travels through the pipe.
struct PictureRequest: Sendable, Equatable {
    enum Work: UInt8, Sendable {
        /// Answer the version of libvips as text; tells whether any work can be done.
        case probe = 0
        /// Draw an SVG of our own at exactly `width` x `height`.
        case render = 1
        /// Encode a picture anew, whole size.
        case convert = 2
        /// Scale a picture down to `width` pixels on its longest side.
        case thumbnail = 3
    }

    var work: Work
    var format: PictureFormat
    /// 1 to 100, for WebP and JPEG.
    var quality: UInt8
    /// 0 (fast) to 6 (small), for WebP.
    var effort: UInt8
    var width = 0
    var height = 0
    var input: [UInt8]

    static let headerLength = 16

    /// Throws ``PictureError/refused(_:)`` for work that breaks ``PictureLimits`` or whose input is of no known type.
    func validate() throws(PictureError) {
        switch work {
        case .probe:
            return
        case .render:
            guard input.count <= PictureLimits.drawingBytes, PictureLimits.allows(width: width, height: height) else {
                throw .refused(.tooLarge)
            }
        case .convert, .thumbnail:
            guard input.count <= PictureLimits.inputBytes else { throw .refused(.tooLarge) }
            // Only these four types ever reach a decoder, and never SVG, whatever the library could load.
            guard let header = PictureHeader(input) else { throw .refused(.unreadable) }
            guard PictureLimits.allows(width: header.width, height: header.height) else { throw .refused(.tooLarge) }
            if work == .thumbnail, !(1...PictureLimits.side).contains(width) { throw .refused(.tooLarge) }
        }
    }

    /// The payload of a frame: a header of ``headerLength`` bytes and the input.
    func encoded() -> [UInt8] {
        var payload: [UInt8] = [1, work.rawValue, format.code, quality, effort, 0, 0, 0]
        payload.reserveCapacity(Self.headerLength + input.count)
        PictureFrame.append(UInt32(clamping: width), to: &payload)
        PictureFrame.append(UInt32(clamping: height), to: &payload)
        payload += input
        return payload
    }

    /// Nil when the payload was not written by ``encoded()`` of this version of the program.
    init?(payload: [UInt8]) {
        guard payload.count >= Self.headerLength, payload[0] == 1,
            let work = Work(rawValue: payload[1]), let format = PictureFormat(code: payload[2]),
            (1...100).contains(payload[3]), payload[4] <= 6
        else { return nil }
        self.init(
            work: work, format: format, quality: payload[3], effort: payload[4],
            width: PictureFrame.number(in: payload, at: 8), height: PictureFrame.number(in: payload, at: 12),
            input: Array(payload[Self.headerLength...]))
    }

    init(
        work: Work, format: PictureFormat = .webp, quality: UInt8 = 80, effort: UInt8 = 0, width: Int = 0,
        height: Int = 0, input: [UInt8] = []
    ) {
        self.work = work
        self.format = format
        self.quality = quality
        self.effort = effort
        self.width = width
        self.height = height
        self.input = input
    }
}

extension PictureFormat {
    fileprivate var code: UInt8 {
        switch self {
        case .webp: 1
        case .png: 2
        case .jpeg: 3
        }
    }

    fileprivate init?(code: UInt8) {
        switch code {
        case 1: self = .webp
        case 2: self = .png
        case 3: self = .jpeg
        default: return nil
        }
    }
}
