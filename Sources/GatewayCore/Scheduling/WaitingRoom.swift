import DequeModule
import HeapModule

/// Jobs that no account can take yet. They belong to no account while they wait: whichever can take one first gets it.
///
/// Jobs that are alike for the choice of an account form a group, so that an account with a free place looks at groups,
/// never at jobs. Owners take turns over all groups of a kind, so that one who sends thousands keeps nobody waiting behind
/// all of them; jobs of one owner leave a group in the order they came. Pure.
struct WaitingRoom: Sendable {
    /// What an account is chosen by; equal for all jobs of a group.
    struct Need: Hashable, Sendable {
        var kind: MediaKind
        var model: String
        /// In credits, as far as known.
        var price: Int?
        /// Accounts that may have the job and have not refused it.
        var accounts: Set<AccountID>

        init(_ job: Job) {
            kind = job.task.kind
            model = job.task.model
            price = job.quotedCredits
            accounts = Set(job.candidates)
            for refusal in job.refusals { accounts.remove(refusal.account) }
        }
    }

    struct Group: Sendable {
        let need: Need
        /// Jobs in it; never 0.
        fileprivate(set) var count = 0
        /// By owner, in order. May hold places that were given up meanwhile.
        fileprivate var lines: [String: Deque<Place>] = [:]
        fileprivate var placeCount = 0
        /// Who is next. An owner's turn only moves back, so one whose turn has moved is put right when it comes up; one
        /// without places is dropped then.
        fileprivate var turns = Heap<Turn>()
    }

    fileprivate struct Place: Sendable {
        var number: Int
        var id: GenerationID
    }

    fileprivate struct Turn: Comparable, Sendable {
        var servedAt: Int
        var number: Int
        var owner: String

        static func < (left: Turn, right: Turn) -> Bool {
            (left.servedAt, left.number) < (right.servedAt, right.number)
        }
    }

    private struct Guest: Sendable {
        var machine: JobMachine
        var group: Int
        /// Of its place; a place with another number was given up.
        var number: Int
    }

    private struct OwnerKey: Hashable, Sendable {
        var owner: String
        var kind: MediaKind
    }

    private struct Owner: Sendable {
        /// What ``served`` was when the owner's last job left.
        var servedAt: Int
        var jobs = 0
    }

    private var guests: [GenerationID: Guest] = [:]
    private var groups: [Int: Group] = [:]
    private var numbers: [Need: Int] = [:]
    private var named: [AccountID: Set<Int>] = [:]
    /// Those that have jobs here.
    private var owners: [OwnerKey: Owner] = [:]
    /// Jobs that have left in turn.
    private var served = 0
    private var lastNumber = 0

    var count: Int { guests.count }
    var isEmpty: Bool { guests.isEmpty }
    /// Places in all lines, those included that were given up.
    var placeCount: Int { groups.values.reduce(0) { $0 + $1.placeCount } }

    // MARK: - Coming

    /// `isBack`: it had its turn before; it is the next of its owner, whose turn comes first.
    mutating func add(_ machine: JobMachine, needing need: Need, isBack: Bool = false) {
        let id = machine.job.id
        guard guests[id] == nil else { return }
        lastNumber += 1
        let number = lastNumber
        let group = numbers[need] ?? open(need)
        let name = machine.job.owner
        let key = OwnerKey(owner: name, kind: need.kind)
        var owner = owners[key] ?? Owner(servedAt: served)
        if isBack { owner.servedAt = -1 }
        owner.jobs += 1
        owners[key] = owner
        guests[id] = Guest(machine: machine, group: group, number: number)
        let isNew = groups[group]?.lines[name] == nil
        if isBack {
            groups[group]?.lines[name, default: []].prepend(Place(number: number, id: id))
        } else {
            groups[group]?.lines[name, default: []].append(Place(number: number, id: id))
        }
        if isNew || isBack {
            groups[group]?.turns.insert(Turn(servedAt: owner.servedAt, number: number, owner: name))
        }
        groups[group]?.placeCount += 1
        groups[group]?.count += 1
    }

    private mutating func open(_ need: Need) -> Int {
        lastNumber += 1
        numbers[need] = lastNumber
        groups[lastNumber] = Group(need: need)
        for account in need.accounts { named[account, default: []].insert(lastNumber) }
        return lastNumber
    }

    // MARK: - Who waits

    /// Whether a job waits that the account may have. `kind`: of that kind; nil = of any.
    func names(_ account: AccountID, kind: MediaKind? = nil) -> Bool {
        guard let groups = named[account] else { return false }
        return kind.map { kind in groups.contains { self.groups[$0]?.need.kind == kind } } ?? true
    }

    /// The groups whose jobs the account may have, by number.
    func groups(naming account: AccountID) -> [(number: Int, group: Group)] {
        (named[account] ?? []).compactMap { number in groups[number].map { (number, $0) } }
    }

    func number(of need: Need) -> Int? { numbers[need] }

    // MARK: - Leaving

    /// The job whose turn it is among these groups, all of one kind.
    mutating func takeFirst(of numbers: [Int]) -> JobMachine? {
        var first: (turn: Turn, id: GenerationID)?
        for number in numbers {
            guard let head = head(of: number) else { continue }
            if first.map({ head.turn < $0.turn }) ?? true { first = head }
        }
        return first.flatMap { serve($0.id) }
    }

    private mutating func serve(_ id: GenerationID) -> JobMachine? {
        guard let machine = remove(id) else { return nil }
        served += 1
        owners[OwnerKey(owner: machine.job.owner, kind: machine.job.task.kind)]?.servedAt = served
        return machine
    }

    /// Takes a job out wherever it stands; nil when it is not here.
    mutating func remove(_ id: GenerationID) -> JobMachine? {
        guard let guest = guests.removeValue(forKey: id) else { return nil }
        let key = OwnerKey(owner: guest.machine.job.owner, kind: guest.machine.job.task.kind)
        owners[key]?.jobs -= 1
        if owners[key]?.jobs == 0 { owners[key] = nil }
        groups[guest.group]?.count -= 1
        if groups[guest.group]?.count == 0 { close(guest.group) } else { tidy(guest.group) }
        return guest.machine
    }

    /// Empties a group, in turn.
    mutating func removeAll(of number: Int) -> [JobMachine] {
        var removed: [JobMachine] = []
        while let head = head(of: number), let machine = serve(head.id) { removed.append(machine) }
        return removed
    }

    /// Whose turn it is in a group, and that owner's first job.
    private mutating func head(of number: Int) -> (turn: Turn, id: GenerationID)? {
        while var turn = groups[number]?.turns.min, let kind = groups[number]?.need.kind {
            while let place = groups[number]?.lines[turn.owner]?.first, !isTaken(place) {
                groups[number]?.lines[turn.owner]?.removeFirst()
                groups[number]?.placeCount -= 1
            }
            guard let place = groups[number]?.lines[turn.owner]?.first else {
                groups[number]?.lines[turn.owner] = nil
                groups[number]?.turns.removeMin()
                continue
            }
            let servedAt = owners[OwnerKey(owner: turn.owner, kind: kind)]?.servedAt ?? served
            if turn.servedAt >= servedAt { return (turn, place.id) }
            turn.servedAt = servedAt
            groups[number]?.turns.replaceMin(with: turn)
        }
        return nil
    }

    private func isTaken(_ place: Place) -> Bool { guests[place.id]?.number == place.number }

    /// Places and turns that were given up must not outgrow the others.
    private mutating func tidy(_ number: Int) {
        guard let group = groups[number] else { return }
        if group.placeCount > 2 * group.count + 16 {
            let lines = group.lines.mapValues { $0.filter(isTaken) }.filter { !$0.value.isEmpty }
            groups[number]?.lines = lines
            groups[number]?.placeCount = group.count
        }
        if group.turns.count > 2 * group.lines.count + 16 {
            var seen: Set<String> = []
            let turns = group.turns.unordered.sorted().filter { seen.insert($0.owner).inserted }
            groups[number]?.turns = Heap(turns)
        }
    }

    private mutating func close(_ number: Int) {
        guard let need = groups.removeValue(forKey: number)?.need else { return }
        numbers[need] = nil
        for account in need.accounts {
            named[account]?.remove(number)
            if named[account]?.isEmpty == true { named[account] = nil }
        }
    }
}
