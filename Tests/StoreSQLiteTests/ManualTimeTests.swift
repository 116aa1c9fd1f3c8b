import GatewayCore
import GatewayTesting
import Testing

@Suite("The clock of the tests", .timeLimit(.minutes(10)))
struct ManualTimeTests {
    @Test("a sleeper wakes when its instant has come, not before")
    func sleeping() async throws {
        let time = ManualTime()
        let start = time.now
        let sleeper = Task { [time] in
            try await time.sleep(until: start + .seconds(10))
            return time.now
        }
        try await time.waitForSleeper(until: start + .seconds(10))
        #expect(time.earliestWake == start + .seconds(10))
        time.advance(by: .seconds(10) - .milliseconds(1))
        #expect(time.sleeperCount == 1)
        time.advance(by: .milliseconds(1))
        #expect(time.sleeperCount == 0)
        #expect(try await sleeper.value == start + .seconds(10))
    }

    @Test("an instant that has passed needs no waiting")
    func past() async throws {
        let time = ManualTime()
        try await time.sleep(until: time.now)
        try await time.sleep(until: Timestamp(milliseconds: 0))
        #expect(time.sleeperCount == 0)
    }

    @Test("a cancelled sleeper throws and is forgotten, whether it slept already or not")
    func cancellation() async throws {
        let time = ManualTime()
        let sleeping = Task { try await time.sleep(until: time.now + .seconds(1)) }
        try await time.waitForSleepers()
        sleeping.cancel()
        await #expect(throws: CancellationError.self) { try await sleeping.value }
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await time.sleep(until: time.now + .seconds(1))
        }
        await #expect(throws: CancellationError.self) { try await late.value }
        #expect(time.sleeperCount == 0)
    }

    @Test("the clock goes from sleeper to sleeper")
    func stepping() async throws {
        let time = ManualTime()
        let start = time.now
        let sleepers = [3, 1, 2].map { seconds in
            Task { try await time.sleep(until: start + .seconds(seconds)) }
        }
        try await time.waitForSleepers(count: 3)
        for seconds in 1...3 {
            #expect(try await time.advanceToNextSleeper() == start + .seconds(seconds))
            #expect(time.sleeperCount == 3 - seconds)
        }
        for sleeper in sleepers { try await sleeper.value }
    }
}
