import Synchronization
import Testing

@testable import Pictures

@Suite("A waiting line", .timeLimit(.minutes(10)))
struct WaitingLineTests {
    /// Holds the turn until it is opened.
    private final class Gate: Sendable {
        private let state = Mutex((isOpen: false, waiting: [CheckedContinuation<Void, Never>]()))

        func wait() async {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    if !state.isOpen { state.waiting.append(continuation) }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
            }
        }

        func open() {
            let waiting = state.withLock { state in
                state.isOpen = true
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }
    }

    private final class Order: Sendable {
        private let state = Mutex<[Int]>([])
        var numbers: [Int] { state.withLock { $0 } }
        func append(_ number: Int) { state.withLock { $0.append(number) } }
    }

    private func untilWaiting(_ count: Int, in line: WaitingLine) async {
        while line.count < count { await Task.yield() }
    }

    @Test("lets one through at a time, in the order they came")
    func order() async throws {
        let line = WaitingLine(limit: 8)
        let gate = Gate()
        let order = Order()
        let entered = Gate()
        let first = Task {
            try await line.perform {
                entered.open()
                await gate.wait()
            }
        }
        await entered.wait()
        var others: [Task<Void, any Error>] = []
        for number in 1...4 {
            others.append(Task { try await line.perform { order.append(number) } })
            await untilWaiting(number, in: line)
        }
        gate.open()
        try await first.value
        for task in others { try await task.value }
        #expect(order.numbers == [1, 2, 3, 4])
        #expect(line.count == 0)
    }

    @Test("refuses who finds it full")
    func full() async throws {
        let line = WaitingLine(limit: 1)
        let gate = Gate()
        let entered = Gate()
        let first = Task {
            try await line.perform {
                entered.open()
                await gate.wait()
            }
        }
        await entered.wait()
        let second = Task { try await line.perform {} }
        await untilWaiting(1, in: line)
        await #expect(throws: PictureError.busy) { try await line.perform {} }
        gate.open()
        try await first.value
        try await second.value
    }

    @Test("lets a cancelled caller go at once, and goes on with the others")
    func cancelled() async throws {
        let line = WaitingLine(limit: 4)
        let gate = Gate()
        let entered = Gate()
        let first = Task {
            try await line.perform {
                entered.open()
                await gate.wait()
            }
        }
        await entered.wait()
        let second = Task { try await line.perform {} }
        await untilWaiting(1, in: line)
        let third = Task { try await line.perform { 3 } }
        await untilWaiting(2, in: line)
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        gate.open()
        try await first.value
        #expect(try await third.value == 3)
    }

    @Test("gives the turn on when an operation throws")
    func throwing() async throws {
        let line = WaitingLine(limit: 1)
        await #expect(throws: PictureError.crashed) { try await line.perform { throw PictureError.crashed } }
        #expect(try await line.perform { 1 } == 1)
    }
}
