import GatewayCore
import GatewayTesting
import Testing

@Suite("Materials of a video find their place")
struct VideoMaterialTests {
    private let resolver = VideoRequestResolver(catalogue: SampleModels.catalogue)

    private struct Source {
        var field: String
        var material: InputMaterial
        var isUpload = true
        var fileName: String?
    }

    /// Image number `number`, sent as a file unless said otherwise.
    private func image(_ number: Int, _ field: String, isUpload: Bool = true, name: String? = nil) -> Source {
        Source(field: field, material: .sample(number), isUpload: isUpload, fileName: name)
    }

    private func video(_ number: Int, _ field: String, seconds: Int = 5) -> Source {
        Source(field: field, material: .sample(number, kind: .video, seconds: seconds))
    }

    private func outcome(
        model: String = "jimeng-video-3.0", prompt: String = "a lion", mode: String? = nil, ratio: String? = nil,
        duration: String? = nil, _ sources: [Source]
    ) throws -> (task: VideoTask, notices: [String]) {
        var request = VideoRequest(endpoint: .generations)
        request.prompt = prompt
        request.model = model
        request.functionMode = mode
        request.ratio = ratio
        request.duration = duration
        request.sources = sources.map {
            VideoSource(field: $0.field, param: $0.field, fileName: $0.fileName, isUpload: $0.isUpload)
        }
        let resolved = try resolver.resolve(request, regions: [.cn], seed: 1)
        let (task, notices) = try resolver.task(
            of: resolved, materials: resolved.selection.map { sources[$0].material })
        return (task, resolved.notices + notices)
    }

    private func frames(_ sources: [Source]) throws -> [Int] {
        guard case .frames(let first, let last) = try outcome(sources).task.mode else { return [] }
        return ([first] + (last.map { [$0] } ?? [])).map(Self.number)
    }

    private static func number(of material: InputMaterial) -> Int { Int(material.id.dropFirst(12)) ?? 0 }

    private func problem(_ body: () throws -> Void) -> RequestProblem? {
        do {
            try body()
            return nil
        } catch {
            return error as? RequestProblem
        }
    }

    // MARK: Frames

    @Test("files are frames in part order, or by the numbers of their names, or by role")
    func frameOrder() throws {
        #expect(try frames([image(1, "a"), image(2, "b")]) == [1, 2])
        #expect(try frames([image(1, "image_file_2"), image(2, "image_file_1")]) == [2, 1])
        #expect(try frames([image(1, "image_file_10"), image(2, "image_file_9")]) == [2, 1])
        #expect(try frames([image(1, "shot2"), image(2, "b")]) == [1, 2])
        #expect(try frames([image(1, "last_frame"), image(2, "photo")]) == [2, 1])
        #expect(try frames([image(1, "photo"), image(2, "first_frame")]) == [2, 1])
        #expect(try frames([image(1, "end_frame_image"), image(2, "first_frame_image")]) == [2, 1])
    }

    @Test("links are frames too: file_paths first, numbered fields last")
    func links() throws {
        let sources = [
            image(1, "image_file_1", isUpload: false), image(2, "filePaths", isUpload: false),
        ]
        #expect(try frames(sources) == [2, 1])
        let two = [image(1, "image_file_2", isUpload: false), image(2, "image_file_1", isUpload: false)]
        #expect(try frames(two) == [2, 1])
    }

    @Test("uploaded files put links aside")
    func uploadsFirst() throws {
        let (task, notices) = try outcome([
            image(1, "file_paths", isUpload: false), image(2, "photo"), image(3, "file_paths", isUpload: false),
        ])
        #expect(task.mode == .frames(first: .sample(2), last: nil))
        #expect(notices == ["uploaded_files_preferred"])
    }

    @Test("a last frame alone is the first one")
    func onlyLast() throws {
        let (task, notices) = try outcome([image(1, "last_frame")])
        #expect(task.mode == .frames(first: .sample(1), last: nil))
        #expect(notices == ["param_ignored:last_frame"])
    }

    @Test("the picture's shape wins over the ratio, which is told only when one was asked for")
    func frameRatio() throws {
        let explicit = try outcome(ratio: "16:9", [image(1, "a")])
        #expect(explicit.task.ratio == "4:3")
        #expect(explicit.notices == ["ratio_ignored_image_input"])
        #expect(try outcome([image(1, "a")]).notices == [])
        let unknown = Source(field: "a", material: .sample(1, width: nil, height: nil))
        #expect(try outcome(ratio: "16:9", [unknown]).task.ratio == "16:9")
    }

    @Test("three pictures, a video or a sound need a model that takes references")
    func framesOnly() throws {
        let three = problem { _ = try outcome([image(1, "a"), image(2, "b"), image(3, "c")]) }
        #expect(three?.kind == .tooManyImages)
        #expect(three?.values[.max] == "2")
        #expect(problem { _ = try outcome([video(1, "clip")]) }?.kind == .unsupportedMediaFormat)
        #expect(
            problem {
                _ = try outcome(
                    model: "seedance", mode: "first_last_frames", [image(1, "a"), image(2, "b"), image(3, "c")])
            }?.kind == .tooManyImages)
    }

    @Test("a prompt may be left out beside a picture")
    func emptyPrompt() throws {
        #expect(try outcome(prompt: "", [image(1, "a")]).task.prompt.isEmpty)
    }

    // MARK: References

    private func omni(
        _ prompt: String, _ sources: [Source], mode: String? = "omni_reference", ratio: String? = nil,
        duration: String? = nil
    ) throws -> (numbers: [Int], pieces: [PromptPiece], notices: [String], task: VideoTask) {
        let (task, notices) = try outcome(
            model: "seedance", prompt: prompt, mode: mode, ratio: ratio, duration: duration, sources)
        guard case .omni(let materials, let pieces) = task.mode else { return ([], [], notices, task) }
        return (materials.map(Self.number), pieces, notices, task)
    }

    @Test("numbered fields take their slot, the others the lowest free one, and kinds stand together")
    func slots() throws {
        let made = try omni(
            "x",
            [
                video(1, "video_file"), image(2, "image_file_2"), image(3, "image_file"), image(4, "files"),
                image(5, "photo"), Source(field: "audio_file_1", material: .sample(6, kind: .audio, seconds: 3)),
                image(7, "file_paths", isUpload: false),
            ])
        // Slots: 3 in the first, 2 in the second, then references before other files.
        #expect(made.numbers == [3, 2, 7, 4, 5, 1, 6])
    }

    @Test("a model with references turns to them by itself for more than frames can hold")
    func automatic() throws {
        #expect(try omni("x", [image(1, "a"), image(2, "b")], mode: nil).pieces.isEmpty)
        #expect(try omni("x", [image(1, "a"), image(2, "b"), image(3, "c")], mode: nil).numbers == [1, 2, 3])
        #expect(try omni("x", [image(1, "a"), video(2, "b")], mode: nil).numbers == [1, 2])
        #expect(
            try omni("x", [image(1, "image_file_1"), video(2, "video_file_1")], mode: nil).numbers == [1, 2])
    }

    @Test("without a reference in the prompt all materials come before the text")
    func unreferenced() throws {
        let made = try omni("dance @nobody", [image(1, "image_file_1"), image(2, "image_file_2")])
        #expect(made.pieces == [.material(0), .material(1), .text("dance @nobody")])
        #expect(made.notices == [])
    }

    struct ReferenceCase: Sendable {
        var prompt: String
        var pieces: [PromptPiece]
    }

    @Test(
        "the prompt is cut where it calls a material",
        arguments: [
            ReferenceCase(
                prompt: "@image_file_1 dances with @image_file_2 to @video_file_1",
                pieces: [.material(0), .text(" dances with "), .material(1), .text(" to "), .material(2)]),
            ReferenceCase(
                prompt: "让@图1 跳舞@图片2，模仿@视频1",
                pieces: [.text("让"), .material(0), .text(" 跳舞"), .material(1), .text("，模仿"), .material(2)]),
            ReferenceCase(
                prompt: "@3 then @Image1 and @hero.PNG!",
                pieces: [.material(2), .text(" then "), .material(0), .text(" and "), .material(1), .text("!")]),
            ReferenceCase(
                prompt: "@image_file_10 is text, @image_file_1 @image2@video1 not",
                pieces: [
                    .text("@image_file_10 is text, "), .material(0), .text(" "), .material(1), .material(2),
                    .text(" not"),
                ]),
        ])
    func references(_ example: ReferenceCase) throws {
        let made = try omni(
            example.prompt,
            [image(1, "image_file_1"), image(2, "image_file_2", name: "hero.png"), video(3, "video_file_1")])
        #expect(made.pieces == example.pieces)
        #expect(made.notices == [])
    }

    @Test("what the prompt leaves out follows it and is told")
    func partlyReferenced() throws {
        let made = try omni("@图2 runs", [image(1, "image_file_1"), image(2, "image_file_2")])
        #expect(made.pieces == [.material(1), .text(" runs"), .material(0)])
        #expect(made.notices == ["material_unreferenced:image_file_1"])
    }

    @Test("the limits cover every source, after filling")
    func limits() {
        let ten = (1...10).map { image($0, "photo") }
        let images = problem { _ = try omni("x", ten) }
        #expect(images?.kind == .tooManyImages)
        #expect(images?.values[.max] == "9")
        let videos = problem { _ = try omni("x", (1...4).map { video($0, "clip", seconds: 1) }) }
        #expect(videos?.kind == .tooManyMaterials)
        #expect(videos?.values[.videos] == "3")
        let thirteen = (1...9).map { image($0, "photo") } + (10...13).map { video($0, "clip", seconds: 1) }
        #expect(problem { _ = try omni("x", thirteen) }?.values[.max] == "12")
        #expect(problem { _ = try omni("x", [image(1, "image_file_10")]) }?.kind == .tooManyImages)
        let long = problem { _ = try omni("x", [video(1, "clip", seconds: 8), video(2, "clip", seconds: 8)]) }
        #expect(long?.kind == .referenceVideoTooLong)
        #expect(long?.values[.got] == "16")
    }

    @Test("a field of one kind refuses another, and a sound needs something beside it")
    func kinds() {
        let wrong = problem { _ = try omni("x", [video(1, "image_file_1")]) }
        #expect(wrong?.kind == .unsupportedMediaFormat)
        #expect(wrong?.param == "image_file_1")
        let alone = Source(field: "audio_file_1", material: .sample(1, kind: .audio, seconds: 3))
        #expect(problem { _ = try omni("x", [alone]) }?.kind == .tooFewImages)
    }

    @Test("following the input video needs one")
    func following() throws {
        let made = try omni("edit it", [video(1, "video_file_1")], ratio: "adaptive", duration: "-1")
        #expect(made.task.seconds == -1)
        #expect(made.task.ratio == "adaptive")
        #expect(problem { _ = try omni("x", [image(1, "a")], duration: "-1") }?.kind == .unsupportedDuration)
        #expect(try omni("x", [image(1, "a")], ratio: "3:4").task.ratio == "3:4")
    }
}
