/// Duration of a WAV file: bytes of sound over bytes per second.
struct WaveHeader: Equatable {
    let durationMilliseconds: Int?

    private static let mostChunks = 64

    /// Nil when the file has no sound chunk behind a format chunk.
    init?(_ reader: inout PieceReader) {
        var bytesPerSecond: UInt64 = 0
        var offset: Int64 = 12
        for _ in 0..<Self.mostChunks {
            guard let head = reader.bytes(at: offset, count: 8) else { return nil }
            let length = head.littleEndian(at: 4, bytes: 4)
            let content = offset + 8
            switch String(decoding: head[0..<4], as: UTF8.self) {
            case "fmt ":
                guard let format = reader.bytes(at: content, count: 12) else { return nil }
                bytesPerSecond = format.littleEndian(at: 8, bytes: 4)
            case "data":
                guard bytesPerSecond > 0 else { return nil }
                // Programs that write to a pipe leave the length at 0 or all ones.
                let present = UInt64(max(0, reader.byteCount - content))
                let sound = length == 0 ? present : min(length, present)
                durationMilliseconds = InputFacts.milliseconds(Double(sound) / Double(bytesPerSecond))
                return
            default: break
            }
            offset = content + Int64(length) + Int64(length & 1)
        }
        return nil
    }
}
