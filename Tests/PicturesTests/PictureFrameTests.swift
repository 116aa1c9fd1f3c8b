import Testing

@testable import Pictures

@Suite("Frames between server and worker")
struct PictureFrameTests {
    @Test("arrive whole however they are cut", arguments: [1, 2, 3, 7, 1000])
    func pieces(size: Int) throws {
        let payload = (0..<500).map { UInt8(truncatingIfNeeded: $0) }
        let frame = PictureFrame.wrap(payload)
        var assembler = PictureFrame.Assembler(limit: 500)
        var received: [[UInt8]] = []
        var offset = 0
        while offset < frame.count {
            let piece = Array(frame[offset..<min(frame.count, offset + size)])
            if let payload = try piece.withUnsafeBytes({ try assembler.add($0) }) { received.append(payload) }
            offset += size
        }
        #expect(received == [payload])
    }

    @Test("longer than the limit are refused as soon as their length is known")
    func limit() {
        var assembler = PictureFrame.Assembler(limit: 10)
        #expect(throws: PictureFrame.Assembler.TooLong.self) {
            try ([11, 0, 0, 0] as [UInt8]).withUnsafeBytes { try assembler.add($0) }
        }
    }

    @Test("do not run into each other")
    func excess() {
        var assembler = PictureFrame.Assembler(limit: 10)
        #expect(throws: PictureFrame.Assembler.TooLong.self) {
            try ([1, 0, 0, 0, 5, 6] as [UInt8]).withUnsafeBytes { try assembler.add($0) }
        }
    }

    @Test("carry a request unchanged")
    func request() {
        let request = PictureRequest(
            work: .render, format: .jpeg, quality: 77, effort: 3, width: 6197, height: 2656, input: [1, 2, 3])
        #expect(PictureRequest(payload: request.encoded()) == request)
    }

    @Test(
        "with a request of another program are not read",
        arguments: [
            [], [1], [2, 1, 1, 80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            [1, 9, 1, 80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            [1, 1, 9, 80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            [1, 1, 1, 80, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ] as [[UInt8]])
    func strangers(payload: [UInt8]) {
        #expect(PictureRequest(payload: payload) == nil)
    }

    @Test(
        "carry an answer unchanged",
        arguments: [.done([]), .done([1, 2]), .libraryMissing, .refused(.tooLarge)] as [PictureAnswer])
    func answer(answer: PictureAnswer) {
        #expect(PictureAnswer(payload: answer.encoded()) == answer)
    }

    @Test("with a broken answer are not read", arguments: [[], [1, 1], [2], [2, 99], [3]] as [[UInt8]])
    func brokenAnswers(payload: [UInt8]) {
        #expect(PictureAnswer(payload: payload) == nil)
    }
}
