import Logging
import Synchronization

/// From a request to a job on disk that has been given to an account.
extension Engine {
    package func start(_ request: NewGeneration) async throws(GenerationFault) -> StartOutcome {
        guard !state.withLock({ $0.isDraining }) else { throw GenerationFault(.shuttingDown, retryAfter: .seconds(10)) }
        guard !request.accounts.isEmpty else { throw GenerationFault(.noAvailableAccount) }
        guard hub.count < configuration.maximumActiveJobs else {
            throw GenerationFault(.queueFull, retryAfter: .seconds(30))
        }
        let now = time.now
        try await register(request.accounts)
        let webhook = try sealed(request.webhook)
        var generator = SystemRandomNumberGenerator()
        let id = GenerationID.random(using: &generator)
        @Sendable func order() -> (Job, PriceEstimate) {
            let estimate = prices.estimate(for: request.task, accounts: request.accounts, at: now)
            let job = Job(
                id: id, owner: request.owner, task: request.task, requestedModel: request.requestedModel,
                notices: request.notices, user: request.user, metadata: request.metadata,
                idempotencyKey: request.idempotencyKey, fingerprint: request.fingerprint,
                candidates: request.accounts.map(\.id), sealedWebhook: webhook, quotedCredits: estimate.quote,
                createdAt: now)
            return (job, estimate)
        }
        guard let budget = request.budget else {
            let (job, estimate) = order()
            return try await place(job, for: request, at: estimate)
        }
        // One after another, so that each sees what the one before has reserved, and was promised for nothing.
        do {
            return try await ownerTurns.run(request.owner) { [self] in
                let (job, estimate) = order()
                let standings = try await standings(of: job.owner, in: budget)
                if let used = standings.first(where: { !$0.covers(estimate) }) {
                    warn(of: standings, budget, job.owner)
                    guard let earlier = try await earlier(request) else { return .budgetUsed(used) }
                    await inputs.remove(request.task.inputs)
                    return earlier
                }
                let outcome = try await place(job, for: request, at: estimate)
                if case .started = outcome { warn(of: standings, budget, job.owner, adding: estimate) }
                return outcome
            }
        } catch let fault as GenerationFault {
            throw fault
        } catch {
            // The caller went away before anything was stored.
            throw GenerationFault(.shuttingDown)
        }
    }

    private func standings(
        of owner: String, in budget: CreditBudget
    ) async throws(GenerationFault) -> [CreditStanding] {
        do {
            return try await usage.standings(of: owner, in: budget, at: time.now)
        } catch {
            logger.error("spent credits not read", metadata: ["error": "\(error)"])
            throw Self.fault(of: error)
        }
    }

    private func warn(
        of standings: [CreditStanding], _ budget: CreditBudget, _ owner: String, adding estimate: PriceEstimate? = nil
    ) {
        for var standing in standings {
            standing.spent.reserved += estimate?.reservation ?? 0
            budgetWatch.look(at: standing, of: owner, named: budget.name, logger: logger)
        }
    }

    /// Puts the job on disk and lets it run, or finds the one that it joins.
    private func place(
        _ job: Job, for request: NewGeneration, at estimate: PriceEstimate
    ) async throws(GenerationFault) -> StartOutcome {
        guard hub.takePlace(job.owner, limit: request.ownerLimit) else {
            // A repeated request joins what it has already, however much that is.
            guard let earlier = try await earlier(request) else { return .ownerLimitReached }
            await inputs.remove(request.task.inputs)
            return earlier
        }
        do {
            switch try await jobs.insert(job, joining: request.join, reserving: estimate.caution) {
            case .inserted(let job):
                prices.started(job, accounts: request.accounts, at: job.createdAt)
                if hub.begin(job, inPlace: true) { dispatch(JobMachine(job, limits: configuration.machine)) }
                return .started(job)
            case .joined(let job):
                hub.giveBack(job.owner)
                await inputs.remove(request.task.inputs)
                return .joined(hub.job(job.id) ?? job)
            case .keyReused:
                hub.giveBack(job.owner)
                await inputs.remove(request.task.inputs)
                return .keyReused
            }
        } catch {
            hub.giveBack(job.owner)
            logger.error("job not stored", metadata: ["error": "\(error)"])
            throw Self.fault(of: error)
        }
    }

    /// The job that a new one would join; nil when there is none.
    private func earlier(_ request: NewGeneration) async throws(GenerationFault) -> StartOutcome? {
        do {
            switch try await jobs.earlierJob(
                owner: request.owner, idempotencyKey: request.idempotencyKey, fingerprint: request.fingerprint,
                joining: request.join)
            {
            case nil, .inserted: return nil
            case .joined(let job): return .joined(hub.job(job.id) ?? job)
            case .keyReused: return .keyReused
            }
        } catch {
            logger.error("earlier job not read", metadata: ["error": "\(error)"])
            throw Self.fault(of: error)
        }
    }

    static func fault(of error: any Error) -> GenerationFault {
        GenerationFault((error as? StoreFault)?.kind == .unavailable ? .storageUnavailable : .internalError)
    }

    private func sealed(_ webhook: WebhookTarget?) throws(GenerationFault) -> [UInt8]? {
        do {
            return try webhook?.sealed(with: vault)
        } catch {
            logger.error("webhook not sealed", metadata: ["error": "\(error)"])
            throw GenerationFault(.internalError)
        }
    }

    /// Makes sure that the account of a job on disk can be opened again after a restart.
    private func register(_ credentials: [AccountCredential]) async throws(GenerationFault) {
        do {
            try await keeper.register(credentials)
        } catch {
            logger.error("accounts not stored", metadata: ["error": "\(error)"])
            throw Self.fault(of: error)
        }
    }
}
