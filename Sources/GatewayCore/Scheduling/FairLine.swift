import DequeModule

/// Jobs in line: their owners take turns, so that one who sends thousands keeps nobody waiting behind all of them. Jobs of
/// one owner stay in order. Every change costs the same however many wait.
struct FairLine: Sendable {
    private var lines: [String: Deque<JobMachine>] = [:]
    /// Owners that have jobs, the next one first.
    private var turns: Deque<String> = []
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ machine: JobMachine) {
        let owner = machine.job.owner
        if lines[owner] == nil { turns.append(owner) }
        lines[owner, default: []].append(machine)
        count += 1
    }

    /// Puts a job that was here before in front of its owner's others. An owner without others has the next turn.
    mutating func prepend(_ machine: JobMachine) {
        let owner = machine.job.owner
        if lines[owner] == nil { turns.prepend(owner) }
        lines[owner, default: []].prepend(machine)
        count += 1
    }

    mutating func popFirst() -> JobMachine? {
        guard let owner = turns.popFirst(), let machine = lines[owner]?.popFirst() else { return nil }
        if lines[owner]?.isEmpty == true { lines[owner] = nil } else { turns.append(owner) }
        count -= 1
        return machine
    }

    /// Empties the line, in turn.
    mutating func popAll() -> [JobMachine] {
        var all: [JobMachine] = []
        while let machine = popFirst() { all.append(machine) }
        return all
    }

    /// Takes jobs out, in no particular order between owners.
    mutating func removeAll(where isMeant: (JobMachine) -> Bool) -> [JobMachine] {
        var removed: [JobMachine] = []
        for (owner, line) in lines {
            let meant = line.filter(isMeant)
            guard !meant.isEmpty else { continue }
            removed += meant
            let rest = line.filter { !isMeant($0) }
            lines[owner] = rest.isEmpty ? nil : rest
        }
        if !removed.isEmpty { turns.removeAll { lines[$0] == nil } }
        count -= removed.count
        return removed
    }
}
