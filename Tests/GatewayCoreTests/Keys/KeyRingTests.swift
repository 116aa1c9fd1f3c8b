import GatewayCore
import GatewayTesting
import Logging
import Testing

@Suite(.timeLimit(.minutes(10))) struct KeyRingTests {
    private let store = MemoryStore()
    private let time = ManualTime()
    private let ring: KeyRing

    init() {
        ring = Self.ring(store, time)
    }

    private static func ring(_ store: MemoryStore, _ time: ManualTime) -> KeyRing {
        KeyRing(
            store: store, vault: TestVault(), time: time,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func key(_ secret: KeySecret, in ring: KeyRing? = nil) throws -> GatewayKey? {
        try (ring ?? self.ring).key(for: secret.text.reveal())
    }

    @Test func `a secret looks as promised, and nothing of the key shows it`() async throws {
        let issued = try await ring.create(KeyDraft(name: "team"))
        let text = issued.secret.text.reveal()
        #expect(text.wholeMatch(of: /sk-jm-[A-Za-z0-9]{40}/) != nil)
        #expect(issued.key.preview == "sk-jm-…" + text.suffix(4))
        var dumped = ""
        dump(issued, to: &dumped)
        dump(try await store.keys(), to: &dumped)
        #expect(!dumped.contains(text))
        #expect(!dumped.contains(text.dropFirst(6).prefix(20)))
    }

    @Test func `a key counts at once and after the next start, and no other text does`() async throws {
        let issued = try await ring.create(KeyDraft(name: "team"))
        #expect(try key(issued.secret)?.id == issued.key.id)
        let next = Self.ring(store, time)
        #expect(try key(issued.secret, in: next) == nil)
        try await next.load()
        #expect(try key(issued.secret, in: next)?.id == issued.key.id)
        let text = issued.secret.text.reveal()
        for other in [String(text.dropLast()), text + "x", "sk-jm-" + String(repeating: "A", count: 40), "", "sk-jm-"] {
            #expect(try ring.key(for: other) == nil)
        }
    }

    @Test func `a disabled or expired key says so`() async throws {
        var draft = KeyDraft(name: "team")
        draft.expiresAt = time.now + .seconds(60)
        let issued = try await ring.create(draft)
        #expect(try key(issued.secret) != nil)
        _ = try await ring.change(issued.key.id) { $0.isEnabled = false }
        #expect(throws: RequestProblem(.apiKeyDisabled)) { try key(issued.secret) }
        _ = try await ring.change(issued.key.id) { $0.isEnabled = true }
        time.advance(by: .seconds(60))
        #expect(throws: RequestProblem(.apiKeyExpired)) { try key(issued.secret) }
    }

    @Test func `a rotated secret counts beside its successor for as long as was said`() async throws {
        let first = try await ring.create(KeyDraft(name: "team"))
        let second = try await ring.rotate(first.key.id, overlap: .seconds(60))
        #expect(try key(first.secret)?.id == first.key.id)
        #expect(try key(second.secret)?.id == first.key.id)
        time.advance(by: .seconds(60))
        #expect(try key(first.secret) == nil)
        let third = try await ring.rotate(first.key.id, overlap: .zero)
        #expect(try key(second.secret) == nil)
        #expect(try key(third.secret)?.id == first.key.id)
        await #expect(throws: RequestProblem.self) {
            try await ring.rotate(first.key.id, overlap: .seconds(31 * 86_400))
        }
    }

    @Test func `a removed key is unknown, and can't be changed`() async throws {
        let issued = try await ring.create(KeyDraft(name: "team"))
        try await ring.remove(issued.key.id)
        #expect(try key(issued.secret) == nil)
        #expect(try await store.keys().isEmpty)
        let problem = await #expect(throws: RequestProblem.self) { try await ring.remove(issued.key.id) }
        #expect(problem?.kind == .keyNotFound)
    }

    @Test func `what the store refuses does not count`() async throws {
        let issued = try await ring.create(KeyDraft(name: "team"))
        store.fail(with: StoreFault(.unavailable, detail: "disk full"))
        await #expect(throws: StoreFault.self) { try await ring.create(KeyDraft(name: "other")) }
        await #expect(throws: StoreFault.self) { _ = try await ring.change(issued.key.id) { $0.isEnabled = false } }
        await #expect(throws: StoreFault.self) { try await ring.remove(issued.key.id) }
        #expect(ring.all.map(\.id) == [issued.key.id])
        #expect(try key(issued.secret) != nil)
    }

    @Test(arguments: ["", "  ", "a\nb", String(repeating: "x", count: 65)])
    func `a name must be readable`(name: String) async {
        await #expect(throws: RequestProblem.self) { try await ring.create(KeyDraft(name: name)) }
        #expect(ring.all.isEmpty)
    }

    @Test func `uses are written behind, at most once a minute`() async throws {
        let issued = try await ring.create(KeyDraft(name: "team"))
        let running = Task { [ring] in await ring.run() }
        let begin = time.now
        _ = try key(issued.secret)
        try await time.waitForSleepers()
        #expect(try await store.keys().first?.lastUsedAt == begin)
        time.advance(by: .seconds(30))
        _ = try key(issued.secret)
        #expect(ring[issued.key.id]?.lastUsedAt == begin)
        time.advance(by: .seconds(30))
        _ = try key(issued.secret)
        running.cancel()
        await running.value
        #expect(try await store.keys().first?.lastUsedAt == begin + .seconds(60))
    }
}
