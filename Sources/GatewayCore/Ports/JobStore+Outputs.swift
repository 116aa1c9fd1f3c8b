extension JobStore {
    /// Makes a change to the outputs of a terminal job that others may be changing too: it is applied to what the store
    /// holds, never to what somebody has replaced meanwhile.
    ///
    /// `job`: as it was last seen. The store is read only when it has moved on since.
    /// `change`: may run several times, each time on other outputs; one that changes nothing writes nothing.
    /// Returns: the job as it is stored now; nil when it is gone. The files of its outputs, those that `change` put there
    /// among them, are then known and named by nobody.
    /// Throws: ``StoreFault``, kind `conflict` when the job has not ended, or others were faster every time.
    package func updateOutputs(
        of job: Job, _ change: (inout [GenerationOutput]) -> Void
    ) async throws(StoreFault) -> Job? {
        var job = job
        var attemptsLeft = 10
        while true {
            var outputs = job.outputs
            change(&outputs)
            if outputs == job.outputs { return job }
            do throws(StoreFault) {
                guard try await saveOutputs(outputs, of: job.id, at: job.revision) else { return nil }
                job.outputs = outputs
                job.revision += 1
                return job
            } catch {
                attemptsLeft -= 1
                guard error.kind == .conflict, attemptsLeft > 0 else { throw error }
            }
            // A job that was removed meanwhile is tried once more as it was: that enters its files.
            guard let newest = try await self.job(job.id) else { continue }
            guard newest.state.isTerminal else {
                throw StoreFault(.conflict, detail: "the job has not ended")
            }
            job = newest
        }
    }
}
