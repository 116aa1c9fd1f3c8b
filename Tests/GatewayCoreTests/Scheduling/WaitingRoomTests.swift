import GatewayTesting
import Testing

@testable import GatewayCore

@Suite struct WaitingRoomTests {
    private static func machine(
        _ number: Int, _ owner: String, accounts: [Int] = [1], model: String = "jimeng-4.5", refusedBy: Int? = nil
    ) -> JobMachine {
        let job = Job.sample(
            number, owner: owner, task: .textToImage(.sample(model: model)), candidates: accounts.map { .sample($0) })
        return JobMachine(
            job.with { job in
                if let refusedBy {
                    job.refusals = [
                        AccountRefusal(account: .sample(refusedBy), fault: GenerationFault(.upstreamBusy))
                    ]
                }
            })
    }

    /// Owner and number of every job that an account may take, in the order in which it gets them.
    private static func order(_ room: WaitingRoom, account: Int = 1) -> [String] {
        var room = room
        var order: [String] = []
        while let machine = room.takeFirst(of: room.groups(naming: .sample(account)).map(\.number)) {
            order.append(machine.job.owner + machine.job.fingerprint.suffix(1))
        }
        return order
    }

    private static func room(_ machines: [JobMachine]) -> WaitingRoom {
        var room = WaitingRoom()
        for machine in machines { room.add(machine, needing: .init(machine.job)) }
        return room
    }

    @Test func `owners take turns, and each owner's jobs stay in order`() {
        let room = Self.room(
            (1...4).map { Self.machine($0, "a") } + (5...6).map { Self.machine($0, "b") } + [Self.machine(7, "c")])
        #expect(room.count == 7)
        #expect(Self.order(room) == ["a1", "b5", "c7", "a2", "b6", "a3", "a4"])
    }

    @Test func `an owner with many models has no more turns than one with one`() {
        let room = Self.room(
            (1...4).map { Self.machine($0, "a", model: "model-\($0)") } + (5...6).map { Self.machine($0, "b") })
        let order = Self.order(room)
        #expect(order.prefix(4).map(\.first) == ["a", "b", "a", "b"])
        #expect(order.suffix(2).allSatisfy { $0.first == "a" })
    }

    @Test func `one who comes later waits for at most one job of each other owner`() {
        var room = Self.room((1...6).map { Self.machine($0, "a") })
        let groups = room.groups(naming: .sample(1)).map(\.number)
        for _ in 1...3 { #expect(room.takeFirst(of: groups) != nil) }
        let late = Self.machine(7, "b")
        room.add(late, needing: .init(late.job))
        #expect(Self.order(room).prefix(3) == ["a4", "b7", "a5"])
    }

    @Test func `an account sees only jobs that it may have`() {
        let room = Self.room([
            Self.machine(1, "a", accounts: [1, 2]), Self.machine(2, "a", accounts: [2]),
            Self.machine(3, "a", accounts: [1, 2], refusedBy: 1),
        ])
        #expect(Self.order(room, account: 1) == ["a1"])
        #expect(Set(Self.order(room, account: 2)) == ["a1", "a2", "a3"])
        #expect(room.names(.sample(1)) && room.names(.sample(1), kind: .image))
        #expect(!room.names(.sample(1), kind: .video))
        #expect(!room.names(.sample(3)))
    }

    @Test func `a job that comes back is the very next`() throws {
        var room = Self.room((1...2).map { Self.machine($0, "a") } + [Self.machine(3, "b")])
        let groups = room.groups(naming: .sample(1)).map(\.number)
        let taken = room.takeFirst(of: groups)
        let first = try #require(taken)
        room.add(first, needing: .init(first.job), isBack: true)
        #expect(Self.order(room) == ["a1", "b3", "a2"])
    }

    @Test func `what is taken out is gone, and its group with the last one`() {
        var room = Self.room((1...3).map { Self.machine($0, "a") } + [Self.machine(4, "b")])
        #expect(room.remove(.sample(2))?.job.id == .sample(2))
        #expect(room.remove(.sample(2)) == nil)
        #expect(room.remove(.sample(4)) != nil)
        #expect(Self.order(room) == ["a1", "a3"])
        #expect(room.remove(.sample(1)) != nil && room.remove(.sample(3)) != nil)
        #expect(room.isEmpty && !room.names(.sample(1)))
    }

    @Test func `places that were given up do not pile up`() {
        var room = Self.room([Self.machine(1, "a")])
        for number in 2...1000 {
            let machine = Self.machine(number, "a")
            room.add(machine, needing: .init(machine.job))
            #expect(room.remove(machine.job.id) != nil)
        }
        #expect(room.placeCount <= 20)
        #expect(Self.order(room) == ["a1"])
    }

    @Test func `a group is emptied in turn`() {
        var room = Self.room((1...2).map { Self.machine($0, "a") } + [Self.machine(3, "b")])
        let group = room.groups(naming: .sample(1))[0].number
        #expect(room.removeAll(of: group).map(\.job.id) == [.sample(1), .sample(3), .sample(2)])
        #expect(room.isEmpty)
    }
}
