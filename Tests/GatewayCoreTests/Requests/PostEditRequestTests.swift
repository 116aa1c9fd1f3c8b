import GatewayCore
import GatewayTesting
import Testing

@Suite("Requests for after-editing are decided")
struct PostEditRequestTests {
    private let size = PixelSize(width: 1000, height: 1000)

    private func tool(
        _ kind: PostEditRequest.Kind, size: PixelSize? = PixelSize(width: 1000, height: 1000),
        _ fill: (inout PostEditRequest) -> Void
    ) throws -> PostEditTask {
        var request = PostEditRequest(kind)
        fill(&request)
        return try ResolvedPostEdit(request).task(on: .own(itemID: "1", historyID: "2"), size: size)
    }

    @Test("upscaling is plain unless the smart way is asked for")
    func upscale() throws {
        #expect(try tool(.upscale) { _ in }.tool == .upscale)
        #expect(
            try tool(.upscale) { $0.mode = "smart" }.tool
                == .smartUpscale(resolution: "2k", originalStrength: 0.65, detailStrength: 0.65))
        let fine = try tool(.upscale) {
            $0.mode = "Smart"
            $0.resolution = "4K"
            $0.originalStrength = 0.2
            $0.detailStrength = 1
        }
        #expect(fine.tool == .smartUpscale(resolution: "4k", originalStrength: 0.2, detailStrength: 1))
        var plain = PostEditRequest(.upscale)
        plain.resolution = "4k"
        #expect(try ResolvedPostEdit(plain).notices == ["param_ignored:resolution"])
    }

    @Test("outpainting takes margins, or a ratio that is spread over two sides")
    func outpaint() throws {
        let margins = try tool(.outpaint) {
            $0.top = 0.5
            $0.left = 1
            $0.count = 4
        }
        #expect(margins.tool == .outpaint(top: 0.5, bottom: 0, left: 1, right: 0))
        #expect(margins.count == 4)
        let wide = try tool(.outpaint) { $0.ratio = "3:2" }
        #expect(wide.tool == .outpaint(top: 0, bottom: 0, left: 0.25, right: 0.25))
        #expect(wide.count == 1)
        let tall = try tool(.outpaint, size: PixelSize(width: 1500, height: 1000)) { $0.ratio = "1:1" }
        #expect(tall.tool == .outpaint(top: 0.25, bottom: 0.25, left: 0, right: 0))
    }

    @Test("what can't be is refused by the field")
    func refusals() {
        func refused(
            _ kind: PostEditRequest.Kind, size: PixelSize? = PixelSize(width: 1000, height: 1000),
            _ fill: (inout PostEditRequest) -> Void
        ) -> RequestProblem? {
            do {
                _ = try tool(kind, size: size, fill)
                return nil
            } catch {
                return error as? RequestProblem
            }
        }
        #expect(refused(.upscale) { $0.mode = "best" }?.kind == .invalidValue)
        #expect(refused(.upscale) { $0.resolution = "8k" }?.kind == .invalidValue)
        #expect(refused(.upscale) { $0.detailStrength = 1.1 }?.param == "detail_strength")
        #expect(refused(.upscale) { $0.count = 2 }?.param == "n")
        #expect(refused(.outpaint) { _ in } == .missing("ratio"))
        #expect(refused(.outpaint) { $0.top = -0.1 }?.kind == .valueOutOfRange)
        #expect(refused(.outpaint) { $0.ratio = "5:4" }?.kind == .invalidValue)
        #expect(refused(.outpaint, size: nil) { $0.ratio = "1:1" }?.kind == .unsupportedParameter)
        let thin = refused(.outpaint, size: PixelSize(width: 400, height: 1600)) { $0.ratio = "1:1" }
        #expect(thin?.kind == .valueOutOfRange)
        #expect(refused(.outpaint) { $0.count = 5 }?.kind == .valueOutOfRange)
    }
}
