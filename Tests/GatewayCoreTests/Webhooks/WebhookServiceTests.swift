import GatewayTesting
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import GatewayCore

/// The service with a store in memory, a receiver that a test plays and a clock moved by hand.
@Suite(.timeLimit(.minutes(10))) struct WebhookServiceTests {
    private struct Bench {
        let time: ManualTime
        let store: MemoryStore
        let receiver = Receiver()
        let service: WebhookService

        init(store: MemoryStore = MemoryStore(), time: ManualTime = ManualTime(), parallelism: Int = 16) {
            self.store = store
            self.time = time
            var configuration = WebhookService.Configuration()
            configuration.parallelism = parallelism
            service = WebhookService(
                configuration: configuration, deliveries: store, jobs: store, vault: TestVault(), sender: receiver,
                time: time,
                body: { job, target, id in Array("\(job.id) \(job.state) \(target.origin) \(id)".utf8) },
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }

        /// A job that has ended and that the service was told of.
        func end(_ number: Int, secret: String? = nil) async throws -> Job {
            let target = WebhookTarget(
                url: Secret("https://receiver.example/\(number)"), secret: secret.map { Secret($0) },
                origin: "http://gateway")
            let job = Job.sample(number, sealedWebhook: try target.sealed(with: TestVault()))
            guard case .inserted(var saved) = try await store.insert(job, joining: .never) else { return job }
            for state in [JobState.submitting, .running, .succeeded] {
                let before = saved.state
                saved.state = state
                saved.completedAt = state.isTerminal ? time.now : nil
                saved = try await store.save(saved, expecting: before, lease: nil)
            }
            service.jobEnded(saved)
            return saved
        }

        func run(_ body: @escaping @Sendable (Bench) async throws -> Void) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await service.run() }
                try await body(self)
                group.cancelAll()
            }
        }

        func record(of job: Job) async throws -> WebhookRecord? { try await store.webhook(of: job.id) }
    }

    /// Answers what it was told to, in order, and lets a test wait for messages.
    private final class Receiver: WebhookSender {
        private struct State {
            var answers: [Result<Int, WebhookFault>] = []
            var hold: AsyncStream<Void>?
        }

        private let state = Mutex(State())
        let messages: AsyncStream<WebhookMessage>
        private let input: AsyncStream<WebhookMessage>.Continuation

        init() {
            (messages, input) = AsyncStream.makeStream(of: WebhookMessage.self)
        }

        func answer(_ answers: Result<Int, WebhookFault>...) { state.withLock { $0.answers += answers } }

        /// From now on no message is answered before the stream yields or ends.
        func hold(until stream: AsyncStream<Void>) { state.withLock { $0.hold = stream } }

        func send(_ message: WebhookMessage) async throws(WebhookFault) -> Int {
            input.yield(message)
            if let hold = state.withLock({ $0.hold }) { for await _ in hold { break } }
            return try state.withLock { $0.answers.isEmpty ? .success(200) : $0.answers.removeFirst() }.get()
        }
    }

    @Test func `the end of a generation is announced once, signed`() async throws {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        try await Bench().run { bench in
            var messages = bench.receiver.messages.makeAsyncIterator()
            let job = try await bench.end(1, secret: secret)
            let message = try #require(await messages.next())
            let id = "msg_\(job.id)"
            #expect(message.url.reveal() == "https://receiver.example/1")
            #expect(String(decoding: message.body, as: UTF8.self) == "\(job.id) succeeded http://gateway \(id)")
            #expect(message.headers["webhook-id"] == id)
            #expect(message.headers["webhook-timestamp"] == "\(bench.time.now.seconds)")
            let signature = WebhookSecret(Secret(secret))?.signature(
                id: id, seconds: bench.time.now.seconds, body: message.body, using: TestVault())
            #expect(message.headers["webhook-signature"] == signature)
            _ = try await bench.end(2)
            #expect(try #require(await messages.next()).url.reveal() == "https://receiver.example/2")
            #expect(try await bench.record(of: job)?.attempts == 1)
        }
    }

    @Test func `a failed announcement is sent again until it is taken, with the same id and a fresh signature`()
        async throws
    {
        try await Bench().run { bench in
            bench.receiver.answer(.success(500), .failure(.timeout), .success(204))
            var messages = bench.receiver.messages.makeAsyncIterator()
            let job = try await bench.end(1)
            let first = try #require(await messages.next())
            try await bench.time.waitForSleeper(until: .sample + .seconds(30))
            bench.time.advance(by: .seconds(30))
            let second = try #require(await messages.next())
            try await bench.time.waitForSleeper(until: .sample + .seconds(90))
            bench.time.advance(by: .seconds(60))
            let third = try #require(await messages.next())
            #expect(Set([first, second, third].map { $0.headers["webhook-id"] }).count == 1)
            #expect(Set([first, second, third].map { $0.headers["webhook-signature"] }).count == 3)
            // The next announcement comes only after the third attempt was recorded: one at a time is claimed.
            while try await bench.record(of: job)?.state == .open { await Task.yield() }
            #expect(try await bench.record(of: job)?.attempts == 3)
            #expect(try await bench.record(of: job)?.state == .delivered)
        }
    }

    @Test func `what an earlier process left open is announced after the restart`() async throws {
        let store = MemoryStore()
        let job = try await Bench(store: store).end(1)
        // The earlier process died after its claim.
        let claimed = try await store.claimWebhooks(dueAt: .sample, until: .sample + .seconds(60), limit: 1)
        #expect(claimed.count == 1)
        try await Bench(store: store).run { bench in
            try await bench.time.waitForSleeper(until: .sample + .seconds(60))
            bench.time.advance(by: .seconds(60))
            var messages = bench.receiver.messages.makeAsyncIterator()
            #expect(await messages.next()?.headers["webhook-id"] == "msg_\(job.id)")
        }
    }

    @Test func `no more announcements are under way than allowed, and the others follow`() async throws {
        let (hold, release) = AsyncStream.makeStream(of: Void.self)
        try await Bench(parallelism: 2).run { bench in
            bench.receiver.hold(until: hold)
            for number in 1...5 { _ = try await bench.end(number) }
            var messages = bench.receiver.messages.makeAsyncIterator()
            var seen = Set<String?>()
            for _ in 0..<2 { seen.insert(await messages.next()?.headers["webhook-id"]) }
            let open = try await bench.store.claimWebhooks(dueAt: .sample, until: .sample + .seconds(1), limit: 10)
            #expect(open.count == 3)
            for delivery in open {
                _ = try await bench.store.recordWebhook(
                    .failed(status: nil, next: .sample), of: delivery, at: .sample)
            }
            release.finish()
            for _ in 0..<3 { seen.insert(await messages.next()?.headers["webhook-id"]) }
            #expect(seen.count == 5)
        }
    }

    @Test func `a graceful stop finishes what is under way`() async throws {
        let (hold, release) = AsyncStream.makeStream(of: Void.self)
        let bench = Bench(parallelism: 1)
        bench.receiver.hold(until: hold)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [bench.service], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var messages = bench.receiver.messages.makeAsyncIterator()
            let first = try await bench.end(1)
            _ = await messages.next()
            let second = try await bench.end(2)
            await group.triggerGracefulShutdown()
            release.finish()
            try await tasks.waitForAll()
            #expect(try await bench.record(of: first)?.state == .delivered)
            // The stop may come a moment after the first has ended; what was begun then is finished too, never left half.
            let later = try await bench.record(of: second)
            #expect(later?.attempts == 0 || later?.state == .delivered)
        }
    }

    @Test func `a target that this key can't open is given up`() async throws {
        try await Bench().run { bench in
            var saved = Job.sample(1, sealedWebhook: [9, 9, 9])
            _ = try await bench.store.insert(saved, joining: .never)
            saved.state = .canceled
            saved = try await bench.store.save(saved, expecting: .queued, lease: nil)
            bench.service.jobEnded(saved)
            while try await bench.record(of: saved)?.state != .abandoned { await Task.yield() }
        }
    }

    @Test func `a store that fails is asked again later`() async throws {
        let bench = Bench()
        bench.store.fail(with: StoreFault(.unavailable, detail: "disk"))
        try await bench.run { bench in
            try await bench.time.waitForSleeper(until: .sample + .seconds(30))
            bench.store.fail(with: nil)
            var messages = bench.receiver.messages.makeAsyncIterator()
            _ = try await bench.end(1)
            #expect(await messages.next() != nil)
        }
    }
}
