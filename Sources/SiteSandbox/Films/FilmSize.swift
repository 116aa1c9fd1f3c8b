/// Pixels of a video: the resolution says the shorter side, the ratio the other one. All even.
struct FilmSize: Sendable, Hashable {
    var width: Int
    var height: Int

    /// The shorter side of a resolution; nil for an unknown one.
    static func side(_ resolution: String) -> Int? {
        switch resolution {
        case "480p": 480
        case "720p": 720
        case "768p": 768
        case "1080p": 1_080
        case "2k": 1_440
        case "4k": 2_160
        default: nil
        }
    }

    /// `across` by `down` is the ratio; the longer side is at most three times the shorter one.
    init(side: Int, across: Double, down: Double) {
        let aspect = min(3, max(1 / 3, across / max(down, 0.001)))
        func even(_ number: Double) -> Int { max(16, Int((number / 2).rounded()) * 2) }
        if aspect >= 1 {
            (width, height) = (even(Double(side) * aspect), even(Double(side)))
        } else {
            (width, height) = (even(Double(side)), even(Double(side) / aspect))
        }
    }

    /// A picture's size made even and small enough for a video.
    init(fitting width: Int, _ height: Int) {
        let scale = min(1, 4_096 / Double(max(width, height, 1)))
        func even(_ number: Int) -> Int { max(16, Int(Double(number) * scale / 2) * 2) }
        (self.width, self.height) = (even(width), even(height))
    }
}
