package import GatewayCore
import SiteWire

extension SiteUpstream {
    package func submit(
        _ task: GenerationTask, id: SubmitID, as account: AccountCredential
    ) async -> SubmitOutcome {
        let body: [UInt8]
        let media: SiteMedia
        let caller: SiteCaller
        do {
            caller = try self.caller(for: account)
            (body, media) = try self.body(of: task, id: id, caller: caller, in: account.region)
        } catch {
            return .refused(error)
        }
        let result = await transport.sendOnce(as: account, deadline: configuration.submitDeadline) {
            caller.generate(body: body, media: media, at: Self.unixSeconds)
        }
        switch result {
        case .failure(.notSent(let fault)):
            return .notSent(fault)
        case .failure(.lost(let fault)):
            return .unknown(fault)
        case .success(let answer):
            return outcome(of: answer, id: id, media: media)
        }
    }

    /// Reads the answer to a submission. Only an answer in the site's own form is conclusive; anything a proxy or a
    /// broken server may have written leaves the outcome open (field-notes.md (c)).
    private func outcome(of answer: SiteTransport.Answer, id: SubmitID, media: SiteMedia) -> SubmitOutcome {
        do {
            let envelope = try Self.site(answer, context: .submit, media: media)
            let reply = try SubmitReply(envelope, media: media)
            if let echo = reply.echoedSubmitID, echo.lowercased() != id.rawValue {
                // The site speaks of another submission: ours may or may not exist.
                return .unknown(GenerationFault(.upstreamInvalidResponse, logID: envelope.logID))
            }
            var observation = Observation(reply.record)
            observation.historyID = reply.historyID
            return .accepted(observation)
        } catch {
            let fault = GenerationFault(error)
            let isOpen = error.kind == .invalidResponse && error.ret.map { $0 == "0" } ?? true
            if isOpen || (error.ret == nil && answer.status >= 500) { return .unknown(fault) }
            return .refused(fault)
        }
    }

    private func body(
        of task: GenerationTask, id: SubmitID, caller: SiteCaller, in region: Region
    ) throws(GenerationFault) -> ([UInt8], SiteMedia) {
        switch task {
        case .textToImage(let task):
            guard let key = catalogue.model(named: task.model)?.upstreamKeys[region],
                let resolution = ImageResolution(rawValue: task.resolution)
            else { throw GenerationFault(.modelUnavailable) }
            let ratio = ImageRatio(rawValue: (task.ratio ?? .square).rawValue) ?? .square
            var draft = TextToImageDraft(
                modelKey: key, prompt: task.prompt, seed: task.seed,
                dimensions: ImageDimensions(
                    size: ImageSize(task.size.width, task.size.height), resolution: resolution, ratio: ratio))
            draft.negativePrompt = task.negativePrompt
            draft.sampleStrength = task.sampleStrength
            draft.intelligentRatio = task.intelligentRatio
            draft.count = task.count
            draft.isSeries = task.isSeries
            var generator = SystemRandomNumberGenerator()
            let ids = DraftIDs { SubmitID.random(using: &generator).rawValue }
            let body = draft.submission(
                submitID: id.rawValue, ids: ids, region: caller.region, versions: caller.versions,
                unixMilliseconds: SystemTime().now.milliseconds)
            return (body, .image)
        }
    }
}
