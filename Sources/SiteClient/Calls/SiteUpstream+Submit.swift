package import GatewayCore
import SiteWire

extension SiteUpstream {
    package func submit(
        _ task: GenerationTask, inputs: [String: UploadedMaterial], id: SubmitID, as account: AccountCredential
    ) async -> SubmitOutcome {
        let body: SubmissionBody.Built
        let caller: SiteCaller
        do {
            caller = try self.caller(for: account)
            let builder = SubmissionBody(
                caller: caller, catalogue: catalogue, benefits: benefits, market: account.market, inputs: inputs,
                id: id,
                unixMilliseconds: SystemTime().now.milliseconds)
            body = try builder.build(task)
        } catch {
            return .refused(error)
        }
        let (bytes, media) = (body.bytes, body.media)
        let result = await transport.sendOnce(as: account, deadline: configuration.submitDeadline) {
            caller.generate(body: bytes, media: media, at: Self.unixSeconds)
        }
        switch result {
        case .failure(.notSent(let fault)):
            return .notSent(fault)
        case .failure(.lost(let fault)):
            return .unknown(fault)
        case .success(let answer):
            return await outcome(of: answer, id: id, media: media, as: account)
        }
    }

    /// Reads the answer to a submission. Only an answer in the site's own form is conclusive; anything a proxy or a
    /// broken server may have written leaves the outcome open (field-notes.md (c)).
    private func outcome(
        of answer: SiteTransport.Answer, id: SubmitID, media: SiteMedia, as account: AccountCredential
    ) async -> SubmitOutcome {
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
            return .refused(await confirmed(error, as: account))
        }
    }
}
