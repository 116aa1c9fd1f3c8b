import GatewayTesting
import Testing

@testable import GatewayCore

@Suite struct FairLineTests {
    private static func machine(_ number: Int, _ owner: String) -> JobMachine {
        let sample = Job.sample(number)
        return JobMachine(
            Job(
                id: sample.id, owner: owner, task: sample.task, requestedModel: sample.requestedModel,
                fingerprint: "\(number)", candidates: sample.candidates, createdAt: .sample),
            limits: JobMachine.Limits())
    }

    private static func order(_ line: FairLine) -> [String] {
        var line = line
        var order: [String] = []
        while let machine = line.popFirst() { order.append("\(machine.job.owner)\(machine.job.fingerprint)") }
        return order
    }

    @Test func `owners take turns, and each owner's jobs stay in order`() {
        var line = FairLine()
        for number in 1...4 { line.append(Self.machine(number, "a")) }
        for number in 5...6 { line.append(Self.machine(number, "b")) }
        line.append(Self.machine(7, "c"))
        #expect(line.count == 7)
        #expect(Self.order(line) == ["a1", "b5", "c7", "a2", "b6", "a3", "a4"])
    }

    @Test func `a job that comes back is the next of its owner`() {
        var line = FairLine()
        line.append(Self.machine(1, "a"))
        line.append(Self.machine(2, "a"))
        line.prepend(Self.machine(3, "a"))
        line.prepend(Self.machine(4, "b"))
        #expect(Self.order(line) == ["b4", "a3", "a1", "a2"])
    }

    @Test func `what is taken out leaves no empty turn`() {
        var line = FairLine()
        for number in 1...3 { line.append(Self.machine(number, "a")) }
        line.append(Self.machine(4, "b"))
        let removed = line.removeAll { $0.job.owner == "b" || $0.job.fingerprint == "2" }
        #expect(Set(removed.map(\.job.fingerprint)) == ["2", "4"])
        #expect(line.count == 2)
        #expect(Self.order(line) == ["a1", "a3"])
        line = FairLine()
        #expect(line.isEmpty && line.popFirst() == nil)
    }
}
