import Glibc
import Testing

@testable import Pictures

@Suite("The worker's loop")
struct PictureWorkerProcessTests {
    /// Writes `input` to the loop's input, lets it run to the end and returns its status and everything it wrote. Inputs and
    /// outputs fit into the pipes' buffers, so one thread suffices.
    private func serve(_ input: [UInt8], perform: (PictureRequest) -> PictureAnswer) throws -> (
        status: Int32, output: [UInt8]
    ) {
        var (inward, outward): ([Int32], [Int32]) = ([0, 0], [0, 0])
        try #require(pipe(&inward) == 0 && pipe(&outward) == 0)
        try #require(write(inward[1], input, input.count) == input.count)
        close(inward[1])
        let status = PictureWorkerProcess.serve(input: inward[0], output: outward[1], perform: perform)
        close(inward[0])
        close(outward[1])
        var output = [UInt8](repeating: 0, count: 65_536)
        let count = read(outward[0], &output, output.count)
        close(outward[0])
        return (status, Array(output.prefix(max(0, count))))
    }

    private let request = PictureRequest(work: .convert, format: .png, input: [1, 2, 3])

    @Test("answers request after request and ends with its input")
    func answers() throws {
        var seen: [PictureRequest] = []
        let frame = PictureFrame.wrap(request.encoded())
        let (status, output) = try serve(frame + frame) { request in
            seen.append(request)
            return seen.count == 1 ? .done([9, 9]) : .refused(.unreadable)
        }
        #expect(status == 0)
        #expect(seen == [request, request])
        let expected = [.done([9, 9]), .refused(.unreadable)] as [PictureAnswer]
        #expect(output == expected.flatMap { PictureFrame.wrap($0.encoded()) })
    }

    @Test("ends at once without input")
    func nothing() throws {
        let (status, output) = try serve([]) { _ in .done([]) }
        #expect(status == 0)
        #expect(output.isEmpty)
    }

    @Test("gives up on what is no frame of ours")
    func garbage() throws {
        let frame = PictureFrame.wrap(request.encoded())
        let inputs: [[UInt8]] = [
            Array(frame.dropLast()), [1, 0], [0xFF, 0xFF, 0xFF, 0xFF, 1], PictureFrame.wrap([7, 7, 7]),
        ]
        for input in inputs {
            let (status, output) = try serve(input) { _ in .done([]) }
            #expect(status == 1)
            #expect(output.isEmpty)
        }
    }
}
