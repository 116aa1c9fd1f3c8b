import ArgumentParser
import Foundation
import NIOCore
import Testing
import WireJSON

@testable import GatewayApp

@Suite("What commands send and show", .timeLimit(.minutes(10)))
struct CommandLineTests {
    private func image(_ arguments: String...) throws -> GenerationOrder {
        try #require(try ImageCommand.parse(arguments) as ImageCommand?).order
    }

    private func video(_ arguments: String...) throws -> GenerationOrder {
        try #require(try VideoCommand.parse(arguments) as VideoCommand?).order
    }

    @Test("a picture from a prompt is asked for with the fields that were given")
    func imageOrder() throws {
        let order = try image("a lighthouse", "--ratio", "16:9", "-n", "2", "--resolution", "4k", "-o", "a.png")
        #expect(order.path == "/v1/images/generations")
        #expect(order.files.isEmpty)
        #expect(
            JSONValue.object(order.fields) == ["prompt": "a lighthouse", "n": 2, "ratio": "16:9", "resolution": "4k"])
    }

    @Test("pictures to start from make a composition")
    func composition() throws {
        let order = try image("together", "--image", "a.png", "-i", "b.jpg")
        #expect(order.path == "/v1/images/compositions")
        #expect(order.files.map(\.name) == ["images", "images"])
        #expect(order.files.map(\.path) == ["a.png", "b.jpg"])
    }

    @Test("the frames of a video go along in their order")
    func videoOrder() throws {
        let order = try video(
            "waves", "--image", "first.png", "--image", "last.png", "-d", "10", "--model", "jimeng-video-3.0")
        #expect(order.path == "/v1/videos/generations")
        #expect(order.files.map(\.name) == ["image_file_1", "image_file_2"])
        #expect(order.files.map(\.path) == ["first.png", "last.png"])
        #expect(
            JSONValue.object(order.fields) == ["prompt": "waves", "duration": 10, "model": "jimeng-video-3.0"])
    }

    @Test("what can't be meant is refused at once")
    func refused() {
        #expect(throws: (any Error).self) { try image("p", "-n", "11") }
        #expect(throws: (any Error).self) { try image("p", "-o", "out.gif") }
        #expect(throws: (any Error).self) { try video("p", "-o", "out.webm") }
        #expect(throws: (any Error).self) { try video("p", "-i", "1", "-i", "2", "-i", "3") }
    }

    // MARK: - Forms

    private func text(of form: MultipartForm) async throws -> String {
        var bytes: [UInt8] = []
        for try await chunk in form.body { bytes += Array(chunk.readableBytesView) }
        #expect(form.byteCount == Int64(bytes.count))
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("a form carries fields and files, byte by byte as announced")
    func form() async throws {
        let folder = NSTemporaryDirectory() + "jimeng-form-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }  // A leftover does no harm.
        let path = folder + "/a \"b\".png"
        try Data("PNG bytes".utf8).write(to: URL(fileURLWithPath: path))
        let form = try MultipartForm(
            fields: ["prompt": "灯塔", "n": 2, "async": true], files: [.init(name: "images", path: path)],
            boundary: "BOUNDARY")
        #expect(form.contentType == "multipart/form-data; boundary=BOUNDARY")
        #expect(
            try await text(of: form)
                == [
                    "--BOUNDARY", "Content-Disposition: form-data; name=\"prompt\"", "", "灯塔",
                    "--BOUNDARY", "Content-Disposition: form-data; name=\"n\"", "", "2",
                    "--BOUNDARY", "Content-Disposition: form-data; name=\"async\"", "", "true",
                    "--BOUNDARY",
                    "Content-Disposition: form-data; name=\"images\"; filename=\"a %22b%22.png\"",
                    "Content-Type: application/octet-stream", "", "PNG bytes", "--BOUNDARY--", "",
                ].joined(separator: "\r\n"))
    }

    @Test("a file that is not there, or a folder, is told by its name", arguments: ["/nowhere/a.png", "/tmp"])
    func noFile(_ path: String) {
        let problem = #expect(throws: GatewayClient.Problem.self) {
            try MultipartForm(fields: [:], files: [.init(name: "images", path: path)], boundary: "B")
        }
        #expect(problem?.message.contains(path) == true)
        #expect(problem?.status == .usage)
    }

    // MARK: - Credits

    private static let answer: JSONValue = [
        [
            "token": "us-0123456789abcdef0123456789abcdef",
            "points": ["giftCredit": 10, "purchaseCredit": 20, "vipCredit": 0, "totalCredit": 30],
        ],
        [
            "token": "short", "points": .null,
            "error": ["message": "The session has ended.", "code": "invalid_session"],
        ],
    ]

    @Test("credits are a table in which no token can be read")
    func credits() {
        let report = CreditsReport(Self.answer, member: "points")
        let lines = report.lines(asJSON: false)
        #expect(lines.count == 3)
        #expect(lines[1].hasPrefix("us-0123****cdef"))
        #expect(lines[1].contains(" 30"))
        #expect(lines[2].contains("****"))
        #expect(lines[2].contains("The session has ended."))
        for text in lines + report.lines(asJSON: true) {
            #expect(!text.contains("456789abcdef"))
            #expect(!text.contains("short"))
        }
        #expect(report.problem == nil)
    }

    @Test("when no account has credits to show, the first one's trouble decides")
    func noCredits() {
        let failed: JSONValue = [
            [
                "token": "x", "points": .null,
                "error": ["message": "Dead.", "type": "authentication_error", "code": "invalid_session"],
            ]
        ]
        let problem = CreditsReport(failed, member: "points").problem
        #expect(problem?.status == .authentication)
        #expect(problem?.message.contains("Dead.") == true)
        #expect(CreditsReport([], member: "points").problem != nil)
    }
}
