package import Logging
import ServiceLifecycle
import Synchronization

/// Announces the ends of generations to the URLs that their requests named, signed as Standard Webhooks ask for, again
/// and again by ``WebhookSchedule`` until a receiver takes them. What is open lives in the store, so a restart goes on.
///
/// It asks nothing in the idle state: it sleeps until the earliest delivery is due or ``jobEnded(_:)`` wakes it.
package final class WebhookService: Service {
    package struct Configuration: Sendable {
        /// Announcements under way at the same time.
        package var parallelism = 16
        /// Longer than any attempt may take; afterwards an attempt of a dead process is made again.
        package var claim: Duration = .seconds(60)
        /// How long settled deliveries can be looked up.
        package var memory: Duration = .seconds(7 * 86400)
        /// Signs what names no secret of its own; nil = one that the installation's key decides.
        package var secret: Secret?

        package init() {}
    }

    /// Writes the JSON that announces a job. May take a while, less than half of ``Configuration/claim``.
    package typealias Body = @Sendable (_ job: Job, _ target: WebhookTarget, _ messageID: String) async -> [UInt8]

    private struct State {
        var isStopping = false
        var underWay = 0
        var nextCleaning: Timestamp?
    }

    private let configuration: Configuration
    private let deliveries: any WebhookStore
    private let jobs: any JobStore
    private let vault: any SecretVault
    private let sender: any WebhookSender
    private let time: any TimeSource
    private let body: Body
    private let attempted: @Sendable (WebhookResult) -> Void
    private let logger: Logger
    private let signal = WakeSignal()
    private let state = Mutex(State())

    /// `attempted`: told how every attempt ended.
    package init(
        configuration: Configuration = Configuration(), deliveries: any WebhookStore, jobs: any JobStore,
        vault: any SecretVault, sender: any WebhookSender, time: any TimeSource, body: @escaping Body,
        attempted: @escaping @Sendable (WebhookResult) -> Void = { _ in }, logger: Logger
    ) {
        self.configuration = configuration
        self.deliveries = deliveries
        self.jobs = jobs
        self.vault = vault
        self.sender = sender
        self.time = time
        self.body = body
        self.attempted = attempted
        self.logger = logger
    }

    /// To be told of every job that has become terminal, after it was stored.
    package func jobEnded(_ job: Job) {
        if job.sealedWebhook != nil { signal.notify() }
    }

    /// Sends until the graceful shutdown (attempts under way are finished) or until the task is cancelled (they are
    /// broken off, and made again after ``Configuration/claim`` by the next process).
    package func run() async {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                while !isStopping {
                    await step(&group)
                }
            }
        } onGracefulShutdown: {
            self.state.withLock { $0.isStopping = true }
            self.signal.notify()
        }
    }

    private var isStopping: Bool { Task.isCancelled || state.withLock { $0.isStopping } }

    /// Starts what is due, then waits for the next reason to look.
    private func step(_ group: inout DiscardingTaskGroup) async {
        do {
            try await forgetSettled()
            let free = configuration.parallelism - state.withLock { $0.underWay }
            guard free > 0 else { return await signal.wait() }
            let now = time.now
            let due = try await deliveries.claimWebhooks(dueAt: now, until: now + configuration.claim, limit: free)
            state.withLock { $0.underWay += due.count }
            for delivery in due {
                group.addTask {
                    await self.attempt(delivery)
                    self.state.withLock { $0.underWay -= 1 }
                    self.signal.notify()
                }
            }
            guard due.count < free else { return }
            let next = try await deliveries.earliestWebhook()
            guard !isStopping else { return }
            await signal.wait(until: next, on: time)
        } catch {
            guard !isStopping else { return }
            logger.error("webhooks not read", metadata: ["error": "\(error)"])
            await signal.wait(until: time.now + .seconds(30), on: time)
        }
    }

    private func forgetSettled() async throws(StoreFault) {
        let now = time.now
        let isDue = state.withLock { state in
            guard state.nextCleaning.map({ $0 <= now }) ?? true else { return false }
            state.nextCleaning = now + .seconds(3600)
            return true
        }
        if isDue { _ = try await deliveries.removeSettledWebhooks(before: now + (.zero - configuration.memory)) }
    }

    private func attempt(_ delivery: WebhookDelivery) async {
        do {
            let result = try await send(delivery)
            guard !Task.isCancelled else { return }
            _ = try await deliveries.recordWebhook(result, of: delivery, at: time.now)
        } catch {
            // Due again when the claim runs out.
            logger.error(
                "webhook not recorded", metadata: ["generation.id": "\(delivery.generation)", "error": "\(error)"])
        }
    }

    private func send(_ delivery: WebhookDelivery) async throws(StoreFault) -> WebhookResult {
        guard let job = try await jobs.job(delivery.generation), let sealed = job.sealedWebhook else {
            return .abandoned(status: nil)
        }
        let target: WebhookTarget
        do {
            target = try WebhookTarget(unsealing: sealed, with: vault)
        } catch {
            logger.error("webhook can't be opened with this key", metadata: ["generation.id": "\(job.id)"])
            return .abandoned(status: nil)
        }
        let answer: Result<Int, WebhookFault>
        do throws(WebhookFault) {
            answer = .success(try await sender.send(await message(job, target)))
        } catch {
            answer = .failure(error)
        }
        let result = WebhookSchedule.result(of: delivery.attempt, answer, at: time.now)
        report(result, answer, of: delivery)
        return result
    }

    private func message(_ job: Job, _ target: WebhookTarget) async -> WebhookMessage {
        // The same for every attempt, so that a receiver recognises a repeat.
        let id = "msg_" + job.id.rawValue
        let body = await body(job, target, id)
        let seconds = time.now.seconds
        let secret =
            (target.secret ?? configuration.secret).flatMap { WebhookSecret($0) }
            ?? WebhookSecret(ofInstallation: vault)
        return WebhookMessage(
            url: target.url,
            headers: [
                "content-type": "application/json", "user-agent": "jimeng-webhook", "webhook-id": id,
                "webhook-timestamp": "\(seconds)",
                "webhook-signature": secret.signature(id: id, seconds: seconds, body: body, using: vault),
            ], body: body)
    }

    private func report(_ result: WebhookResult, _ answer: Result<Int, WebhookFault>, of delivery: WebhookDelivery) {
        attempted(result)
        var metadata: Logger.Metadata = [
            "generation.id": "\(delivery.generation)", "webhook.attempt": "\(delivery.attempt)",
        ]
        switch answer {
        case .success(let status): metadata["webhook.status"] = "\(status)"
        case .failure(let fault): metadata["error"] = "\(fault.rawValue)"
        }
        switch result {
        case .delivered: logger.info("webhook delivered", metadata: metadata)
        case .failed: logger.info("webhook not taken, will be tried again", metadata: metadata)
        case .abandoned: logger.warning("webhook given up", metadata: metadata)
        }
    }
}
