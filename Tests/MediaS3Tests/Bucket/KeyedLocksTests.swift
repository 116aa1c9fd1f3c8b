import Synchronization
import Testing

@testable import MediaS3

@Suite(.timeLimit(.minutes(10))) struct KeyedLocksTests {
    /// How many are at work on the same thing.
    private final class Crowd: Sendable {
        private let counts = Mutex<(now: [Int: Int], most: Int)>(([:], 0))

        var most: Int { counts.withLock { $0.most } }

        func enter(_ key: Int) {
            counts.withLock { counts in
                counts.now[key, default: 0] += 1
                counts.most = max(counts.most, counts.now[key] ?? 0)
            }
        }

        func leave(_ key: Int) { counts.withLock { $0.now[key, default: 0] -= 1 } }
    }

    @Test func `one at a time works on the same thing, and nothing is left held`() async {
        let locks = KeyedLocks<Int>()
        let crowd = Crowd()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    await locks.with(number % 3) {
                        crowd.enter(number % 3)
                        await Task.yield()
                        crowd.leave(number % 3)
                    }
                }
            }
        }
        #expect(crowd.most == 1)
        #expect(locks.count == 0)
    }

    @Test func `other things do not wait, and a failure lets the next one in`() async throws {
        struct Failure: Error {}
        let locks = KeyedLocks<String>()
        await locks.with("a") {
            await locks.with("b") {}
            #expect(locks.count == 1)
        }
        await #expect(throws: Failure.self) { try await locks.with("a") { throw Failure() } }
        #expect(await locks.with("a") { 1 } == 1)
    }
}
