/// An aspect ratio of the API, `width:height`. The raw values are the API's spelling.
package enum AspectRatio: String, Hashable, Sendable, Codable, CaseIterable {
    case square = "1:1"
    case landscape4x3 = "4:3"
    case portrait3x4 = "3:4"
    case landscape16x9 = "16:9"
    case portrait9x16 = "9:16"
    case landscape3x2 = "3:2"
    case portrait2x3 = "2:3"
    case ultrawide21x9 = "21:9"

    /// Width divided by height.
    package var value: Double {
        switch self {
        case .square: 1
        case .landscape4x3: 4.0 / 3
        case .portrait3x4: 3.0 / 4
        case .landscape16x9: 16.0 / 9
        case .portrait9x16: 9.0 / 16
        case .landscape3x2: 3.0 / 2
        case .portrait2x3: 2.0 / 3
        case .ultrawide21x9: 21.0 / 9
        }
    }
}
