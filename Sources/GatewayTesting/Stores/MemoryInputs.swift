package import GatewayCore
import Synchronization

/// Inputs in memory. Type and size are what a test says.
package final class MemoryInputs: InputStore {
    private struct State {
        var files: [String: [UInt8]] = [:]
        var next = 0
    }

    private let state = Mutex(State())
    private let vault = TestVault()

    package init() {}

    /// Names of the files that are there.
    package var names: Set<String> { state.withLock { Set($0.files.keys) } }

    package func spool(_ body: MediaBody, limits: InputLimits) async throws -> InputMaterial {
        var bytes: [UInt8] = []
        for try await chunk in body {
            bytes += chunk
            guard bytes.count <= limits.image else { throw InputFault(.tooLarge(.image, limit: limits.image)) }
        }
        guard !bytes.isEmpty else { throw InputFault(.empty) }
        let id = state.withLock { state in
            state.next += 1
            let id = "input_" + String(repeating: "0", count: 20) + "\(state.next)"
            state.files[id] = bytes
            return id
        }
        return InputMaterial(
            id: id, kind: .image, byteCount: Int64(bytes.count), sha256: vault.digest(bytes), crc32: 0,
            mimeType: "image/png", fileExtension: "png", width: 64, height: 64)
    }

    package func read(_ input: InputMaterial) -> MediaBody {
        ByteChunks(state.withLock { $0.files[input.id] } ?? [])
    }

    package func remove(_ inputs: [InputMaterial]) async {
        state.withLock { state in
            for input in inputs { state.files[input.id] = nil }
        }
    }

    package func sweep(keeping kept: Set<String>, now: Timestamp) async {
        state.withLock { $0.files = $0.files.filter { kept.contains($0.key) } }
    }
}
