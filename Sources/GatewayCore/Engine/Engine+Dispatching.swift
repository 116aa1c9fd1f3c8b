import Logging
import Synchronization

/// How a job finds its account: at once when one can take it, else as soon as the first one can.
///
/// A job that can't leave belongs to no account; it waits in ``WaitingRoom``. Whoever may have become able to take it is
/// told: an account's worker looks whenever a place may have become free, and ``accountChanged(_:)`` hears of every change
/// of an account's health, by an event or by time. So nobody scans or polls, and none waits beside an account that could
/// serve it.
extension Engine {
    // MARK: - Giving jobs to accounts

    /// Gives the job to the account that serves it best, when that has a free place; else lets it wait.
    /// `isBack`: an account had it before, so that it goes in front of its like.
    func dispatch(_ machine: JobMachine, isBack: Bool = false) {
        let job = machine.job
        let refused = Set(job.refusals.map(\.account))
        let accounts = refused.isEmpty ? job.candidates : job.candidates.filter { !refused.contains($0) }
        let now = time.now
        let chore = state.withLock { state -> Chore? in
            if state.cancelling.contains(job.id) { return .cancel(machine) }
            let candidates = candidates(
                accounts, kind: job.task.kind, model: job.task.model, price: job.quotedCredits, in: state, at: now)
            var generator = SystemRandomNumberGenerator()
            switch AccountChooser.choose(among: candidates, picking: configuration.pick, at: now, using: &generator) {
            case .failure(let fault):
                return .fail(machine, fault)
            case .success(let best):
                let canLeave = best.hasPlace && !state.isDraining
                if canLeave, state.waiting.isEmpty { return hand(machine, to: best.id, in: &state) }
                let need = WaitingRoom.Need(job)
                let group = state.waiting.number(of: need)
                if canLeave, group == nil { return hand(machine, to: best.id, in: &state) }
                state.waiting.add(machine, needing: need, isBack: isBack)
                if canLeave, let group {
                    // Not before those of its like whose turn comes earlier.
                    return state.waiting.takeFirst(of: [group]).flatMap { hand($0, to: best.id, in: &state) }
                }
                expect(candidates, in: &state, at: now)
                return nil
            }
        }
        if let chore { choreInput.yield(chore) }
    }

    /// Hands a job to its own account.
    func hand(_ machine: JobMachine, to credential: AccountCredential) {
        let chore = state.withLock { hand(machine, to: credential, in: &$0) }
        if let chore { choreInput.yield(chore) }
    }

    private func hand(_ machine: JobMachine, to id: AccountID, in state: inout State) -> Chore? {
        // Only accounts in use are candidates; one that was forgotten this instant is none any more.
        guard let credential = keeper[id]?.credential else {
            return .fail(machine, GenerationFault(.noAvailableAccount))
        }
        return hand(machine, to: credential, in: &state)
    }

    /// Returns: what is to be done for a new worker.
    private func hand(_ machine: JobMachine, to credential: AccountCredential, in state: inout State) -> Chore? {
        if let worker = state.workers[credential.id], worker.accept(machine) { return nil }
        // There is none, or it has retired.
        let worker = AccountWorker(credential: credential, context: context)
        if state.isDraining { worker.drain() }
        state.workers[credential.id] = worker
        _ = worker.accept(machine)  // A new one has not retired.
        return .run(worker)
    }

    private func candidates(
        _ accounts: [AccountID], kind: MediaKind, model: String, price: Int?, in state: borrowing State,
        at now: Timestamp
    ) -> [AccountChooser.Candidate] {
        let lacking = lacking(model, kind, accounts)
        return keeper.records(accounts).compactMap { record in
            guard record.isEnabled else { return nil }
            let id = record.credential.id
            let gate = record.health.gate(at: now)
            let standing = state.workers[id]?.standing(kind, oneAtATime: gate != .open)
            let isShut =
                switch gate {
                case .open, .trial, .lastResort: false
                case .opens, .closed: true
                }
            return AccountChooser.Candidate(
                id: id, load: standing?.load ?? 0, lastUsedAt: record.lastUsedAt, health: record.health,
                isDoubtful: lacking.contains(id) || record.isDoubtful(model: model, price: price, at: now),
                hasPlace: !isShut && standing?.hasPlace ?? true)
        }
    }

    private func candidates(
        for need: WaitingRoom.Need, in state: borrowing State, at now: Timestamp
    ) -> [AccountChooser.Candidate] {
        candidates(
            Array(need.accounts), kind: need.kind, model: need.model, price: need.price, in: state, at: now)
    }

    // MARK: - An account that can take more

    /// Jobs for a worker that has free places, in turn. `most`: nil = as many as the account can have, which nobody knows:
    /// then no more than its share of those that wait, so that others that open at the same time find some too.
    func take(_ kind: MediaKind, most: Int?, for worker: AccountWorker) -> [JobMachine] {
        let now = time.now
        return state.withLock { state in
            guard !state.isDraining, state.workers[worker.account] === worker else { return [] }
            var groups: [Int] = []
            var waiting = 0
            var accounts = 1
            for (number, group) in state.waiting.groups(naming: worker.account)
            where group.need.kind == kind && mayTake(group.need, worker.account, in: state, at: now) {
                groups.append(number)
                waiting += group.count
                accounts = max(accounts, group.need.accounts.count)
            }
            var taken: [JobMachine] = []
            let limit = most ?? (waiting + accounts - 1) / accounts
            while taken.count < limit, let machine = state.waiting.takeFirst(of: groups) { taken.append(machine) }
            worker.took(taken.count)
            return taken
        }
    }

    /// Whether no account that does better speaks against giving these jobs to this one.
    private func mayTake(
        _ need: WaitingRoom.Need, _ account: AccountID, in state: borrowing State, at now: Timestamp
    ) -> Bool {
        guard let record = keeper[account], record.isEnabled else { return false }
        if record.health.gate(at: now).isPassable, !isDoubtful(record, for: need, at: now) { return true }
        return AccountChooser.worthy(candidates(for: need, in: state, at: now), at: now).contains { $0.id == account }
    }

    private func isDoubtful(_ record: AccountRecord, for need: WaitingRoom.Need, at now: Timestamp) -> Bool {
        record.isDoubtful(model: need.model, price: need.price, at: now)
            || !lacking(need.model, need.kind, [record.credential.id]).isEmpty
    }

    func waits(_ kind: MediaKind, for account: AccountID) -> Bool {
        state.withLock { $0.waiting.names(account, kind: kind) }
    }

    // MARK: - Changes

    /// The account may take more or less work than before.
    func accountChanged(_ id: AccountID) {
        let now = time.now
        let (worker, chores) = state.withLock { state -> (AccountWorker?, [Chore]) in
            let worker = state.workers[id]
            guard !state.isDraining, state.waiting.names(id) else {
                state.openings[id] = nil
                state.gates[id] = nil
                return (worker, [])
            }
            let record = keeper[id]
            let gate = record.flatMap { $0.isEnabled ? $0.health.gate(at: now) : nil } ?? .closed
            expect(id, record?.health, in: &state, at: now)
            let groups = state.waiting.groups(naming: id)
            if let record, gate.isPassable, groups.contains(where: { !isDoubtful(record, for: $0.group.need, at: now) })
            {
                state.gates[id] = nil
                return (nil, wake(record.credential, in: &state))
            }
            // It takes less, so that others may have to take more. Once is enough for each such change.
            guard state.gates.updateValue(gate, forKey: id) != gate || gate.isPassable else { return (worker, []) }
            return (worker, groups.flatMap { reconsider($0.number, $0.group, in: &state, at: now) })
        }
        worker?.submissionSignal.notify()
        for chore in chores { choreInput.yield(chore) }
    }

    /// Looks again who may take the jobs of a group: those that can are told; when nobody may, the jobs fail.
    private func reconsider(
        _ number: Int, _ group: WaitingRoom.Group, in state: inout State, at now: Timestamp
    ) -> [Chore] {
        let candidates = candidates(for: group.need, in: state, at: now)
        let worthy = AccountChooser.worthy(candidates, at: now)
        guard worthy.isEmpty else {
            return worthy.lazy.filter(\.hasPlace).prefix(group.count)
                .compactMap { self.keeper[$0.id]?.credential }
                .flatMap { self.wake($0, in: &state) }
        }
        var generator = SystemRandomNumberGenerator()
        let choice = AccountChooser.choose(among: candidates, at: now, using: &generator)
        guard case .failure(let fault) = choice else { return [] }
        return state.waiting.removeAll(of: number).map { .fail($0, fault) }
    }

    /// Lets an account look for work.
    private func wake(_ credential: AccountCredential, in state: inout State) -> [Chore] {
        if let worker = state.workers[credential.id], !worker.isRetired {
            worker.submissionSignal.notify()
            return []
        }
        let worker = AccountWorker(credential: credential, context: context)
        state.workers[credential.id] = worker
        return [.run(worker)]
    }

    // MARK: - Pauses that end by time

    private func expect(_ candidates: [AccountChooser.Candidate], in state: inout State, at now: Timestamp) {
        for candidate in candidates { expect(candidate.id, candidate.health, in: &state, at: now) }
    }

    private func expect(_ id: AccountID, _ health: AccountHealth?, in state: inout State, at now: Timestamp) {
        let instant = health?.nextChange(after: now)
        guard state.openings[id] != instant else { return }
        state.openings[id] = instant
        openingSignal.notify()
    }

    /// Tells when accounts that jobs wait for can take more by themselves.
    func watchOpenings() async {
        while !Task.isCancelled {
            let now = time.now
            let due = state.withLock { state in
                let due = state.openings.filter { $0.value <= now }.map(\.key)
                for id in due { state.openings[id] = nil }
                return due
            }
            for id in due { accountChanged(id) }
            await openingSignal.wait(until: state.withLock { $0.openings.values.min() }, on: time)
        }
    }

    // MARK: - Cancelling

    func cancelWaiting(_ ids: Set<GenerationID>) {
        guard !ids.isEmpty else { return }
        let machines = state.withLock { state in
            state.waiting.isEmpty ? [] : ids.compactMap { state.waiting.remove($0) }
        }
        for machine in machines { choreInput.yield(.cancel(machine)) }
    }

    /// What has ended needs no cancelling.
    func forgetCancellations() {
        state.withLock { state in
            if !state.cancelling.isEmpty { state.cancelling = state.cancelling.filter { hub.job($0) != nil } }
        }
    }
}
