import GatewayCore
import GatewayTesting
import Synchronization

/// Inputs whose text says what they are: `IMAGE 640x480 ...`, `VIDEO 5s ...`, `AUDIO 3s ...`. Anything else is no format.
final class TextInputs: InputStore {
    private struct State {
        var files: [String: InputMaterial] = [:]
        var next = 0
        var spooledBytes = 0
        var longestChunk = 0
    }

    private let state = Mutex(State())
    /// Every spooling fails with this.
    let fault: InputFault?

    init(fault: InputFault? = nil) {
        self.fault = fault
    }

    /// What is on the pretended disk.
    var materials: [InputMaterial] { state.withLock { $0.files.values.sorted { $0.id < $1.id } } }
    /// The longest piece that any file came in.
    var longestChunk: Int { state.withLock { $0.longestChunk } }

    func spool(_ body: MediaBody, limits: InputLimits) async throws -> InputMaterial {
        if let fault { throw fault }
        var start: [UInt8] = []
        var count: Int64 = 0
        // A sum that depends on every byte, without keeping them.
        var sum: UInt64 = 14_695_981_039_346_656_037
        var material: InputMaterial?
        for try await chunk in body {
            state.withLock { $0.longestChunk = max($0.longestChunk, chunk.count) }
            if start.count < 32 { start += chunk.prefix(32) }
            if material == nil, start.count >= 8 { material = try Self.material(start) }
            for byte in chunk { sum = (sum ^ UInt64(byte)) &* 1_099_511_628_211 }
            count += Int64(chunk.count)
            if let kind = material?.kind, count > limits[kind] {
                throw InputFault(.tooLarge(kind, limit: limits[kind]))
            }
        }
        guard count > 0 else { throw InputFault(.empty) }
        var found = try material ?? Self.material(start)
        found.byteCount = count
        found.sha256 = String(sum, radix: 16)
        return state.withLock { state in
            state.next += 1
            found.id = "input_\(state.next)"
            state.files[found.id] = found
            return found
        }
    }

    private static func material(_ start: [UInt8]) throws -> InputMaterial {
        let words = String(decoding: start, as: UTF8.self).split(separator: " ")
        let detail = words.dropFirst().first ?? ""
        switch words.first {
        case "IMAGE":
            let sides = detail.split(separator: "x").compactMap { Int($0) }
            return .sample(width: sides.first, height: sides.last)
        case "VIDEO": return .sample(kind: .video, seconds: Int(detail.dropLast()))
        case "AUDIO": return .sample(kind: .audio, seconds: Int(detail.dropLast()))
        default: throw InputFault(.unsupportedFormat)
        }
    }

    func read(_ input: InputMaterial) -> MediaBody { ByteChunks([]) }

    func remove(_ inputs: [InputMaterial]) async {
        state.withLock { state in for input in inputs { state.files[input.id] = nil } }
    }

    func sweep(keeping kept: Set<String>, now: Timestamp) async {}
}

/// Files by URL. What is not there is a 404.
final class FakeFetcher: InputFetcher {
    private let files: [String: Result<String, InputFault>]
    private struct State {
        var opened: [String] = []
        var active = 0
        var mostActive = 0
    }
    private let state = Mutex(State())

    init(_ files: [String: Result<String, InputFault>] = [:]) {
        self.files = files
    }

    /// In the order in which they were asked for.
    var opened: [String] { state.withLock { $0.opened } }
    var mostActive: Int { state.withLock { $0.mostActive } }

    func open(_ url: String, limit: Int64) async throws -> MediaBody {
        state.withLock { state in
            state.opened.append(url)
            state.active += 1
            state.mostActive = max(state.mostActive, state.active)
        }
        // Gives the others a chance to be there at the same time.
        for _ in 0..<20 { await Task.yield() }
        state.withLock { $0.active -= 1 }
        switch files[url] {
        case .success(let text)?: return ByteChunks(Array(text.utf8), chunkSize: 16)
        case .failure(let fault)?: throw fault
        case nil: throw InputFault(.remoteStatus(404))
        }
    }
}
