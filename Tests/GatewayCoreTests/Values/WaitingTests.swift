import GatewayTesting
import Synchronization
import Testing

@testable import GatewayCore

@Suite("What waits are made of", .timeLimit(.minutes(10)))
struct WaitingTests {
    @Test("the first outcome counts, whether it is decided before the wait begins or while it lasts")
    func firstOutcome() async {
        let early = FirstOutcome<Int>()
        early.decide(1)
        early.decide(2)
        #expect(await early.value() == 1)

        let late = FirstOutcome<Int>()
        async let value = late.value()
        late.decide(3)
        late.decide(4)
        #expect(await value == 3)
    }

    @Test("an interruption runs its action once, also when it was fired before")
    func interruption() {
        let count = Mutex(0)
        let interruption = Interruption()
        #expect(!interruption.isFired)
        interruption.onFire { count.withLock { $0 += 1 } }
        interruption.fire()
        interruption.fire()
        #expect(interruption.isFired)
        #expect(count.withLock { $0 } == 1)
        interruption.onFire { count.withLock { $0 += 10 } }
        #expect(count.withLock { $0 } == 11)
    }

    @Test("a call is made when its instant has come, unless it was called off")
    func plannedCalls() {
        let made = Mutex<[String]>([])
        let time = ManualTime()
        let start = time.now
        _ = time.call(at: start + .seconds(2)) { made.withLock { $0.append("kept") } }
        let revoked = time.call(at: start + .seconds(1)) { made.withLock { $0.append("revoked") } }
        revoked.cancel()
        time.advance(by: .seconds(1))
        #expect(made.withLock { $0 }.isEmpty)
        time.advance(by: .seconds(1))
        time.advance(by: .seconds(1))
        #expect(made.withLock { $0 } == ["kept"])
    }

    @Test("the system's clock makes a call whose instant is past, and forgets one that is called off")
    func systemCalls() async {
        let time = SystemTime()
        let outcome = FirstOutcome<String>()
        let revoked = time.call(at: time.now + .seconds(3600)) { outcome.decide("revoked") }
        revoked.cancel()
        _ = time.call(at: time.now + .seconds(-1)) { outcome.decide("past") }
        #expect(await outcome.value() == "past")
    }

    @Test(
        "a wait for a job ends with it, at its deadline, by an interruption and by cancellation; nothing of it is left")
    func hub() async throws {
        let time = ManualTime()
        let hub = JobHub()
        var job = Job.sample()
        #expect(await hub.terminal(job.id, until: time.now + .seconds(9), unless: Interruption(), on: time) == nil)
        #expect(hub.begin(job))

        #expect(await hub.terminal(job.id, until: time.now, unless: Interruption(), on: time) == nil)

        let gone = Interruption()
        gone.fire()
        #expect(await hub.terminal(job.id, until: time.now + .seconds(9), unless: gone, on: time) == nil)

        let id = job.id
        let cancelled = Task { await hub.terminal(id, until: time.now + .seconds(9), unless: Interruption(), on: time) }
        cancelled.cancel()
        #expect(await cancelled.value == nil)

        async let end = hub.terminal(id, until: time.now + .seconds(9), unless: Interruption(), on: time)
        // It is in the hub's book before it asks for its alarm.
        try await time.waitForSleepers()
        job.state = .canceled
        hub.publish(job)
        #expect(await end?.state == .canceled)
        #expect(time.sleeperCount == 0)
    }
}
