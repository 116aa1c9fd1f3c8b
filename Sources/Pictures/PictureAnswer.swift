/// What the picture worker says to one request, as it travels through the pipe.
enum PictureAnswer: Sendable, Equatable {
    case done([UInt8])
    case libraryMissing
    case refused(PictureError.Refusal)

    /// The payload of a frame: one byte that says which case, and the picture or the reason.
    func encoded() -> [UInt8] {
        switch self {
        case .done(let output): [0] + output
        case .libraryMissing: [1]
        case .refused(let reason): [2, reason.rawValue]
        }
    }

    /// Nil when the payload was not written by ``encoded()``.
    init?(payload: [UInt8]) {
        switch payload.first {
        case 0: self = .done(Array(payload.dropFirst()))
        case 1 where payload.count == 1: self = .libraryMissing
        case 2 where payload.count == 2:
            guard let reason = PictureError.Refusal(rawValue: payload[1]) else { return nil }
            self = .refused(reason)
        default: return nil
        }
    }

    func get() throws(PictureError) -> [UInt8] {
        switch self {
        case .done(let output): return output
        case .libraryMissing: throw .unavailable(.library)
        case .refused(let reason): throw .refused(reason)
        }
    }
}
