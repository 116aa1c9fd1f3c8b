import GatewayCore
import SiteWire

/// The body of the one request that costs credits, for every kind of generation.
struct SubmissionBody {
    let caller: SiteCaller
    let catalogue: ModelCatalogue
    let benefits: SiteBenefits
    let market: PriceMarket
    let inputs: [String: UploadedMaterial]
    let id: SubmitID
    let unixMilliseconds: Int64

    struct Built {
        var bytes: [UInt8]
        var media: SiteMedia
    }

    /// Throws ``GenerationFault``: `modelUnavailable` when the region lacks the model, `uploadFailed` when an input has
    /// no place at the site.
    func build(_ task: GenerationTask) throws(GenerationFault) -> Built {
        switch task {
        case .textToImage(let task):
            return Built(bytes: try textToImage(task), media: .image)
        case .imageToImage(let task, let inputs):
            return Built(bytes: try imageToImage(task, inputs), media: .image)
        case .postEdit(let task):
            return Built(bytes: try postEdit(task), media: .image)
        case .video(let task):
            return Built(bytes: try video(task), media: .video)
        }
    }

    private func textToImage(_ task: TextToImage) throws(GenerationFault) -> [UInt8] {
        var draft = TextToImageDraft(
            modelKey: try key(of: task.model), prompt: task.prompt, seed: task.seed, dimensions: try dimensions(task))
        draft.negativePrompt = task.negativePrompt
        draft.sampleStrength = task.sampleStrength
        draft.intelligentRatio = task.intelligentRatio
        draft.count = task.count
        draft.isSeries = task.isSeries
        return draft.submission(
            submitID: id.rawValue, ids: DraftIDs(next: Self.newID), region: caller.region, versions: caller.versions,
            unixMilliseconds: unixMilliseconds)
    }

    private func imageToImage(_ task: TextToImage, _ inputs: [InputMaterial]) throws(GenerationFault) -> [UInt8] {
        var references: [ImageReference] = []
        for input in inputs { references.append(try reference(to: input)) }
        let draft = BlendDraft(
            modelKey: try key(of: task.model), prompt: task.prompt, negativePrompt: task.negativePrompt,
            references: references, sampleStrength: task.sampleStrength, dimensions: try dimensions(task),
            intelligentRatio: task.intelligentRatio, count: task.count)
        return draft.submission(
            submitID: id.rawValue, newID: Self.newID, region: caller.region, versions: caller.versions,
            unixMilliseconds: unixMilliseconds)
    }

    private func postEdit(_ task: PostEditTask) throws(GenerationFault) -> [UInt8] {
        let source: PostEditDraft.Source
        switch task.source {
        case .upload(let input):
            source = .upload(try reference(to: input))
        case .own(let itemID, let historyID):
            guard let own = PostEditDraft.Source(itemID: itemID, historyID: historyID) else {
                throw GenerationFault(.upstreamRejectedParams)
            }
            source = own
        }
        let tool: PostEditDraft.Tool
        switch task.tool {
        case .upscale:
            tool = .upscale
        case .smartUpscale(let name, let originalStrength, let detailStrength):
            guard let resolution = ImageResolution(rawValue: name) else {
                throw GenerationFault(.upstreamRejectedParams)
            }
            tool = .smartUpscale(
                resolution: resolution, originalStrength: originalStrength, detailStrength: detailStrength)
        case .outpaint(let top, let bottom, let left, let right):
            tool = .outpaint(top: top, bottom: bottom, left: left, right: right)
        }
        return PostEditDraft(tool: tool, source: source, count: task.count).submission(
            submitID: id.rawValue, newID: Self.newID, region: caller.region, versions: caller.versions,
            unixMilliseconds: unixMilliseconds)
    }

    // MARK: - Parts

    func key(of model: String) throws(GenerationFault) -> String {
        guard let key = catalogue.siteKey(of: model, in: market.region) else {
            throw GenerationFault(.modelUnavailable)
        }
        return key
    }

    private func dimensions(_ task: TextToImage) throws(GenerationFault) -> ImageDimensions {
        guard let resolution = ImageResolution(rawValue: task.resolution) else {
            throw GenerationFault(.upstreamRejectedParams)
        }
        let ratio = ImageRatio(rawValue: (task.ratio ?? .square).rawValue) ?? .square
        return ImageDimensions(
            size: ImageSize(task.size.width, task.size.height), resolution: resolution, ratio: ratio)
    }

    func uploaded(_ input: InputMaterial) throws(GenerationFault) -> UploadedMaterial {
        guard let material = inputs[input.id] else { throw GenerationFault(.uploadFailed) }
        return material
    }

    func reference(to input: InputMaterial) throws(GenerationFault) -> ImageReference {
        let material = try uploaded(input)
        return ImageReference(
            uri: material.uri, width: material.width ?? input.width ?? 0, height: material.height ?? input.height ?? 0)
    }

    static func newID() -> String {
        var generator = SystemRandomNumberGenerator()
        return SubmitID.random(using: &generator).rawValue
    }
}
