import GatewayCore
import SiteWire

extension SubmissionBody {
    func video(_ task: VideoTask) throws(GenerationFault) -> [UInt8] {
        let key = try key(of: task.model)
        let input = try videoInput(task.mode)
        guard let benefitType = benefits.benefitType(of: task, in: market) else {
            throw GenerationFault(.modelUnavailable)
        }
        let draft = VideoDraft(
            modelKey: key, prompt: task.prompt, ratio: task.ratio, resolution: task.resolution, seconds: task.seconds,
            seed: task.seed, input: input,
            benefitType: benefitType)
        return draft.submission(
            submitID: id.rawValue, newID: Self.newID, region: caller.region, versions: caller.versions,
            unixMilliseconds: unixMilliseconds)
    }

    private func videoInput(_ mode: VideoTask.Mode) throws(GenerationFault) -> VideoDraft.Input {
        switch mode {
        case .text:
            return .text
        case .frames(let first, let last):
            let first = try reference(to: first)
            guard let last else { return .frames(first: first, last: nil) }
            return .frames(first: first, last: try reference(to: last))
        case .omni(let materials, let pieces):
            var mapped: [VideoMaterial] = []
            for material in materials { mapped.append(try self.material(material)) }
            return .references(
                mapped,
                pieces: pieces.map { piece in
                    switch piece {
                    case .text(let text): .text(text)
                    case .material(let index): .material(index)
                    }
                })
        }
    }

    private func material(_ input: InputMaterial) throws(GenerationFault) -> VideoMaterial {
        let uploaded = try uploaded(input)
        let duration = uploaded.durationMilliseconds ?? input.durationMilliseconds ?? 0
        switch input.kind {
        case .image:
            return .image(try reference(to: input))
        case .video:
            return .video(
                vid: uploaded.uri, width: uploaded.width ?? input.width ?? 0,
                height: uploaded.height ?? input.height ?? 0, durationMilliseconds: duration)
        case .audio:
            return .audio(vid: uploaded.uri, durationMilliseconds: duration, name: "")
        }
    }
}
