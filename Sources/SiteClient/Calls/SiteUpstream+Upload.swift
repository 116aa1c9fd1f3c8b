import AsyncHTTPClient
package import GatewayCore
import NIOCore
import NIOHTTP1
import SiteWire

extension SiteUpstream {
    /// Token, apply, bytes, commit (upload.md). A refused grant or signature is replaced, for SG also under the other
    /// name of its signing region; a broken transfer begins again from apply; at most four rounds.
    package func upload(
        _ input: InputMaterial, from body: @escaping @Sendable () -> MediaBody, as account: AccountCredential
    ) async throws(GenerationFault) -> UploadedMaterial {
        let kind: UploadKind = input.kind == .image ? .image : .media
        var region: String?
        var last = GenerationFault(.uploadFailed)
        let pauses: [Duration] = [.zero, .seconds(1), .seconds(3), .seconds(10)]
        for (round, pause) in pauses.enumerated() {
            if round > 0 { try await Self.wait(pause) }
            let credentials = try await credentials(for: account, kind)
            let caller = UploadCaller(
                region: SiteRegion(account.region), credentials: credentials, signingRegion: region)
            do {
                return try await transfer(input, kind, from: body, by: caller, store: round, as: account)
            } catch let fault as UploadFault {
                last = GenerationFault(.uploadFailed)
                switch fault.retry {
                case .freshToken:
                    last = GenerationFault(.uploadTokenFailed)
                    await uploadTokens.forget(credentials, of: account.id, kind)
                    if fault.kind == .signature, region == nil {
                        region = SiteRegion(account.region).profile.alternativeSigningRegion
                    }
                case .fromApply, .sameStep:
                    break
                case .never:
                    throw last
                }
            } catch let fault as GenerationFault {
                last = fault
            } catch {
                last = GenerationFault(error is DeadlineExceeded ? .uploadTimeout : .uploadFailed)
            }
            if Task.isCancelled { break }
        }
        throw last
    }

    private func transfer(
        _ input: InputMaterial, _ kind: UploadKind, from body: @Sendable () -> MediaBody, by caller: UploadCaller,
        store: Int, as account: AccountCredential
    ) async throws -> UploadedMaterial {
        var generator = SystemRandomNumberGenerator()
        let nonce = UploadCaller.nonce(random: generator.next())
        let applied = try await uploadAnswer(as: account, step: .apply) {
            caller.apply(kind, byteCount: input.byteCount, nonce: nonce, at: Self.unixSeconds)
        }
        let addresses = kind == .image ? [try UploadAddress.image(applied)] : try UploadAddress.media(applied)
        guard let address = addresses.first else { throw UploadFault(kind: .invalidResponse, step: .apply) }
        try await send(input, body(), to: caller.store(address, crc32: input.crc32, store: store), as: account)
        let committed = try await uploadAnswer(as: account, step: .commit) {
            caller.commit(address, at: Self.unixSeconds)
        }
        switch kind {
        case .image:
            let image = try CommittedImage(committed)
            return UploadedMaterial(
                uri: image.uri, width: image.width ?? input.width, height: image.height ?? input.height)
        case .media:
            let media = try CommittedMedia(committed)
            return UploadedMaterial(
                uri: media.vid, width: media.width ?? input.width, height: media.height ?? input.height,
                durationMilliseconds: media.durationMilliseconds ?? input.durationMilliseconds)
        }
    }

    private func uploadAnswer(
        as account: AccountCredential, step: UploadFault.Step, _ build: @Sendable () -> SiteRequest
    ) async throws -> UploadAnswer {
        let policy = SiteTransport.Policy(
            deadline: .seconds(30), pauses: [.seconds(1), .seconds(3)], limit: 1 << 20)
        let answer: SiteTransport.Answer
        do {
            answer = try await transport.read(as: account, policy: policy, build)
        } catch {
            throw GenerationFault(error.kind == .proxyError ? .proxyError : .uploadTimeout)
        }
        return try UploadAnswer.open(status: answer.status, body: Array(answer.body.readableBytesView), step: step)
    }

    /// The bytes, streamed from disk.
    private func send(
        _ input: InputMaterial, _ body: MediaBody, to target: RawUploadRequest, as account: AccountCredential
    ) async throws {
        let client = try await client(for: account)
        var request = HTTPClientRequest(url: target.url(base: try transport.base(for: account)))
        request.method = .POST
        for header in target.headers { request.headers.add(name: header.name, value: header.value) }
        request.body = .stream(UploadBody(body: body), length: .known(input.byteCount))
        let outgoing = request
        let start = ContinuousClock.now
        let (status, answer): (Int, ByteBuffer)
        do {
            (status, answer) = try await withDeadline(input.kind == .image ? .seconds(120) : .seconds(600)) {
                let response = try await client.execute(outgoing, deadline: .distantFuture, logger: nil)
                return (Int(response.status.code), try await response.body.collect(upTo: 1 << 20))
            }
        } catch {
            metrics.ended(.upload, as: account, .lost, after: .now - start)
            throw error
        }
        metrics.ended(.upload, as: account, SiteMetrics.Outcome(status: status), after: .now - start)
        metrics.uploaded(input.byteCount)
        try StoreReply.check(status: status, body: Array(answer.readableBytesView), announced: input.crc32)
    }

    private func credentials(
        for account: AccountCredential, _ kind: UploadKind
    ) async throws(GenerationFault) -> UploadCredentials {
        let caller = try caller(for: account)
        let transport = transport
        return try await uploadTokens.credentials(for: account.id, kind, at: SystemTime().now) {
            await Self.askForCredentials(kind, by: caller, as: account, over: transport)
        }
    }

    private static func askForCredentials(
        _ kind: UploadKind, by caller: SiteCaller, as account: AccountCredential, over transport: SiteTransport
    ) async -> Result<UploadCredentials, GenerationFault> {
        let answer: SiteTransport.Answer
        do {
            answer = try await transport.read(as: account) { caller.uploadToken(for: kind, at: Self.unixSeconds) }
        } catch {
            return .failure(error.kind == .proxyError ? error : GenerationFault(.uploadTimeout))
        }
        do throws(SiteFault) {
            return .success(try UploadCredentials(try Self.site(answer, context: .upload)))
        } catch {
            let fault = GenerationFault(error)
            return .failure(fault.kind == .upstreamInvalidResponse ? GenerationFault(.uploadTokenFailed) : fault)
        }
    }

    private static func wait(_ pause: Duration) async throws(GenerationFault) {
        do {
            try await Task.sleep(for: pause)
        } catch {
            throw GenerationFault(.uploadTimeout)
        }
    }

    package func review(
        _ inputs: [UploadedMaterial], of task: GenerationTask, as account: AccountCredential
    ) async throws(GenerationFault) {
        let kinds = task.inputs.map(\.kind)
        guard !inputs.isEmpty, kinds.allSatisfy({ $0 == .image }) else { return }
        let caller = try caller(for: account)
        let uris = inputs.map(\.uri)
        if SiteRegion(account.region).profile.checksPictures {
            for uri in uris { try await checkPicture(uri, by: caller, as: account) }
        }
        guard let key = catalogue.model(named: task.model)?.upstreamKeys[account.region] else { return }
        let materials = uris.map { AuditMaterial.image(uri: $0) }
        let policy = SiteTransport.Policy(deadline: .seconds(15), pauses: [], limit: 1 << 20)
        guard
            let announced = try? await transport.read(
                as: account, policy: policy, { caller.submitAudit(imageURIs: uris, at: Self.unixSeconds) }),
            (try? Self.site(announced, context: .upload)) != nil,
            let answer = try? await transport.read(
                as: account, policy: policy,
                { caller.audit(materials, modelKey: key, at: Self.unixSeconds) }),
            let envelope = try? Self.site(answer, context: .upload)
        else { return }  // A check that can't be made passes (conflicts.md row 52).
        if let fault = AuditReply(envelope).fault { throw GenerationFault(fault) }
    }

    /// The mainland site's check for faces and protected figures.
    private func checkPicture(
        _ uri: String, by caller: SiteCaller, as account: AccountCredential
    ) async throws(GenerationFault) {
        let policy = SiteTransport.Policy(deadline: .seconds(15), pauses: [], limit: 1 << 20)
        guard
            let answer = try? await transport.read(
                as: account, policy: policy, { caller.checkPicture(uri: uri, at: Self.unixSeconds) })
        else { return }
        do {
            _ = try Self.site(answer, context: .upload)
        } catch {
            if let rejection = PictureCheck.rejection(of: error) { throw GenerationFault(rejection) }
        }
    }
}
