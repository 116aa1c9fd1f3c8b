import Logging

/// Bringing a job's inputs to the site, for one account.
extension AccountWorker {
    /// Moves a queued job to `preparing` and its inputs to the site.
    /// - Returns: the job ready for submission, or nil when it went elsewhere: it ended, waits again, or belongs to
    ///   another account now.
    func prepare(_ waiting: JobMachine) async -> (JobMachine, [String: UploadedMaterial])? {
        var machine = waiting
        if waiting.job.state == .queued {
            machine.prepare(as: credential, at: context.time.now)
            do {
                machine = try await store(machine, from: .queued)
            } catch {
                giveBackPlace(of: waiting)
                notStored(waiting, error)
                return nil
            }
            context.hub.publish(machine.job)
        }
        do {
            let inputs = try await upload(machine.job.task.inputs)
            try await context.upstream.review(Array(inputs.values), of: machine.job.task, as: credential)
            if takeLaterCancellation(machine.job.id) {
                let action = machine.cancel(at: context.time.now)
                await settlePreparation(machine, action)
                return nil
            }
            return (machine, inputs)
        } catch {
            // Stopping, or the lease is lost: on disk it is as it was, and whoever comes next takes it up.
            guard !Task.isCancelled else {
                giveBackPlace(of: machine)
                return nil
            }
            await context.keeper.note(.failed(error.kind, kind: machine.job.task.kind), of: account)
            let action = machine.preparationFailed(error, at: context.time.now)
            await settlePreparation(machine, action)
            return nil
        }
    }

    private func settlePreparation(_ machine: JobMachine, _ action: JobAction) async {
        giveBackPlace(of: machine)
        guard let saved = await storeOutcome(machine, from: .preparing) else { return lost(machine.job.id) }
        settle(saved, action: action, observation: nil)
    }

    /// Uploads what is not there yet, at most three at once; equal bytes once.
    private func upload(_ inputs: [InputMaterial]) async throws(GenerationFault) -> [String: UploadedMaterial] {
        var seen: Set<String> = []
        let distinct = inputs.filter { seen.insert($0.sha256).inserted }
        let results = await withTaskGroup(of: (String, Result<UploadedMaterial, GenerationFault>).self) { group in
            var results: [(String, Result<UploadedMaterial, GenerationFault>)] = []
            for (index, input) in distinct.enumerated() {
                if index >= 3, let done = await group.next() { results.append(done) }
                group.addTask { (input.sha256, await self.uploadOnce(input)) }
            }
            for await done in group { results.append(done) }
            return results
        }
        var bySum: [String: UploadedMaterial] = [:]
        for (sum, result) in results {
            switch result {
            case .success(let material): bySum[sum] = material
            case .failure(var fault):
                fault.input = inputs.firstIndex { $0.sha256 == sum }
                throw fault
            }
        }
        var uploaded: [String: UploadedMaterial] = [:]
        for input in inputs { uploaded[input.id] = bySum[input.sha256] }
        return uploaded
    }

    /// One upload for equal bytes of this account, also across jobs that run at the same time.
    private func uploadOnce(_ input: InputMaterial) async -> Result<UploadedMaterial, GenerationFault> {
        while uploading[input.sha256] != nil {
            await withCheckedContinuation { uploading[input.sha256]?.append($0) }
        }
        do {
            if let known = try await context.accounts.uploadedMaterial(
                sha256: input.sha256, of: account, now: context.time.now)
            {
                return .success(known)
            }
        } catch {
            context.logger.warning("uploads not read", metadata: ["account.id": "\(account)", "error": "\(error)"])
        }
        // Another upload of the same bytes may have begun during the read.
        guard uploading[input.sha256] == nil else { return await uploadOnce(input) }
        uploading[input.sha256] = []
        defer { for waiter in uploading.removeValue(forKey: input.sha256) ?? [] { waiter.resume() } }
        do {
            let store = context.inputs
            let material = try await context.upstream.upload(input, from: { store.read(input) }, as: credential)
            await remember(material, sum: input.sha256)
            return .success(material)
        } catch {
            return .failure(error)
        }
    }

    private func remember(_ material: UploadedMaterial, sum: String) async {
        let now = context.time.now
        do {
            try await context.accounts.saveUploaded(
                material, sha256: sum, of: account, now: now, until: now + context.configuration.uploadLife)
        } catch {
            context.logger.warning(
                "upload not remembered", metadata: ["account.id": "\(account)", "error": "\(error)"])
        }
    }
}
