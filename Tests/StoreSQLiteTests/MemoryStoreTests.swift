import GatewayCore
import GatewayTesting
import Testing

@Suite("The store in memory", .timeLimit(.minutes(10)))
struct MemoryStoreTests {
    @Test("keeps every law of the stores", arguments: StoreLaw.all)
    func law(_ law: StoreLaw) async throws {
        let store = MemoryStore()
        try await law.check(StoreUnderTest(store: store) { store })
    }

    @Test("fails every call with the fault it was told, until told otherwise")
    func fault() async throws {
        let store = MemoryStore()
        store.fail(with: StoreFault(.unavailable, detail: "disk full"))
        let fault = await #expect(throws: StoreFault.self) { try await store.insert(.sample(), joining: .never) }
        #expect(fault?.kind == .unavailable)
        store.fail(with: nil)
        #expect(try await store.job(.sample()) == nil)
    }
}
