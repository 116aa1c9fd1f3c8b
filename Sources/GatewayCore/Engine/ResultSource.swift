import Logging
import Synchronization

/// Opens results at the site. A link that has died is asked for anew by the result's uri or video id, once for all who
/// want it at that time, and the fresh one is written down.
final class ResultSource: Sendable {
    private let jobs: any JobStore
    private let upstream: any Upstream
    private let keeper: AccountKeeper
    private let time: any TimeSource
    private let logger: Logger
    private let asking = Mutex<[RemoteOutput: Task<String?, any Error>]>([:])

    init(
        jobs: any JobStore, upstream: any Upstream, keeper: AccountKeeper, time: any TimeSource, logger: Logger
    ) {
        self.jobs = jobs
        self.upstream = upstream
        self.keeper = keeper
        self.time = time
        self.logger = logger
    }

    /// Opens a result of an ended job.
    /// - Throws: ``GenerationFault`` `resultDownloadFailed`, or what the site says about the account.
    func open(_ index: Int, of job: Job) async throws(GenerationFault) -> RemoteFile {
        guard job.outputs.indices.contains(index), let account = await account(of: job) else {
            throw GenerationFault(.resultDownloadFailed)
        }
        let output = job.outputs[index].remote
        var refusal = GenerationFault(.resultDownloadFailed)
        if output.expiresAt.map({ $0 > time.now }) ?? true {
            do {
                return try await upstream.download(output.url, as: account)
            } catch {
                guard error.httpStatus == 403 || error.httpStatus == 404 || error.httpStatus == 410 else { throw error }
                refusal = error
            }
        }
        guard let fresh = try await freshLink(for: output, as: account) else { throw refusal }
        let file = try await upstream.download(fresh, as: account)
        await write(fresh, insteadOf: output, of: job)
        return file
    }

    /// Opens the small picture that the site offers for a result.
    func openCover(_ index: Int, of job: Job) async throws(GenerationFault) -> RemoteFile {
        guard job.outputs.indices.contains(index), let url = job.outputs[index].remote.coverURL,
            let account = await account(of: job)
        else { throw GenerationFault(.resultDownloadFailed) }
        return try await upstream.download(url, as: account)
    }

    private func account(of job: Job) async -> AccountCredential? {
        guard let account = job.account else { return nil }
        return await keeper.credentialIfReadable(of: account)
    }

    /// Everybody who wants the same link waits for one answer of the site; cancelling one of them ends nobody's wait.
    private func freshLink(
        for output: RemoteOutput, as account: AccountCredential
    ) async throws(GenerationFault) -> String? {
        let task = asking.withLock { asking -> Task<String?, any Error> in
            if let task = asking[output] { return task }
            let task = Task { [upstream] in
                defer { self.asking.withLock { $0[output] = nil } }
                return try await upstream.freshLink(for: output, as: account)
            }
            asking[output] = task
            return task
        }
        do {
            return try await task.value
        } catch let fault as GenerationFault {
            throw fault
        } catch {
            throw GenerationFault(.resultDownloadFailed)
        }
    }

    private func write(_ link: String, insteadOf output: RemoteOutput, of job: Job) async {
        do {
            _ = try await jobs.updateOutputs(of: job) { outputs in
                for index in outputs.indices where outputs[index].remote == output {
                    outputs[index].remote.url = link
                    outputs[index].remote.expiresAt = nil
                }
            }
        } catch {
            logger.info("fresh link not stored", metadata: ["generation.id": "\(job.id)", "error": "\(error)"])
        }
    }
}
