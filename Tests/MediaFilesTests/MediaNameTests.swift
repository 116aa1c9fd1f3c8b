import Foundation
import GatewayCore
import GatewayTesting
import Testing

@testable import MediaFiles

@Suite("The names of kept files")
struct MediaNameTests {
    @Test("a file lies under the first digits of its checksum, with what was made from it beside it")
    func address() throws {
        let id = MediaID(sha256: "3f" + String(repeating: "0", count: 62))
        let file = try #require(MediaName(MediaKey(id, fileExtension: "webp")))
        #expect(file.path == "sha256/3f/\(id).webp")
        let made = try #require(MediaName(MediaKey(id, .converted(quality: 90), fileExtension: "jpg")))
        #expect(made.path == "sha256/3f/\(id)/q90.jpg")
        let key = MediaKey(id, .converted(quality: 90), fileExtension: "jpg")
        #expect(MediaKey(fileName: key.fileName) == key)
        #expect(MediaKey(fileName: "\(id).q0.jpg") == nil)
        #expect(MediaKey(fileName: "\(id).q090.jpg") == nil)
        #expect(MediaKey(fileName: "\(id).q90.jpg.png") == nil)
    }

    @Test("a name of the earlier form lies in the UTC month of its id")
    func path() throws {
        var generator = SeededGenerator()
        let id = MediaID.random(createdAt: .sample, using: &generator)
        let name = try #require(MediaName(MediaKey(id, fileExtension: "webp")))
        #expect(name.path == "2026/09/\(id).webp")
    }

    @Test(
        "months change at midnight UTC, also around leap days",
        arguments: [
            (0, "1970/01"), (951_782_399, "2000/02"), (951_868_799, "2000/02"), (951_868_800, "2000/03"),
            (1_709_164_800, "2024/02"), (1_709_251_200, "2024/03"), (1_767_225_599, "2025/12"),
            (1_767_225_600, "2026/01"), (4_107_542_399, "2100/02"), (4_107_542_400, "2100/03"),
        ])
    func months(_ moment: (seconds: Int64, month: String)) {
        #expect(MediaName.month(of: Timestamp(seconds: moment.seconds)) == moment.month)
    }

    @Test("every month of two centuries agrees with the calendar")
    func calendar() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for month in 0..<2400 {
            let components = DateComponents(year: 1970 + month / 12, month: month % 12 + 1)
            let seconds = Int64(try #require(calendar.date(from: components)).timeIntervalSince1970)
            let number = month % 12 + 1
            let expected = "\(1970 + month / 12)/\(number < 10 ? "0" : "")\(number)"
            #expect(MediaName.month(of: Timestamp(seconds: seconds)) == expected)
        }
    }
}
