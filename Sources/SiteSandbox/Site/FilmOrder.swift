/// What is asked of a video beside size and prompt.
struct FilmOrder: Sendable, Hashable {
    /// What it is made from.
    enum Source: String, Sendable {
        case text
        /// A first picture, perhaps a last one.
        case frames
        /// Pictures, videos and sounds that the prompt refers to.
        case materials
    }

    var source: Source
    /// The length asked for.
    var milliseconds: Int64
    /// Summed length of the videos that go in.
    var inputMilliseconds: Int64 = 0
    /// How many inputs there are.
    var inputs = 0
    /// Until it is settled: whether the first video that goes in decides the length, or the shape.
    var followsLength = false
    var followsShape = false

    static let framesPerSecond = 24

    /// One more than fits the length, as the site's files have it.
    var frameCount: Int { Int(milliseconds) * Self.framesPerSecond / 1_000 + 1 }

    /// The length of the file.
    var playedMilliseconds: Int64 {
        Int64((Double(frameCount) * 1_000 / Double(Self.framesPerSecond)).rounded())
    }

    /// Credits for a second, by resolution.
    static func price(resolution: String) -> Int {
        switch resolution {
        case "480p": 4
        case "1080p": 16
        case "2k": 20
        case "4k": 32
        default: 8
        }
    }

    /// The whole price: what comes out and the videos that go in count by the second.
    func price(resolution: String) -> Int {
        Self.price(resolution: resolution) * Int((milliseconds + inputMilliseconds + 999) / 1_000)
    }
}
