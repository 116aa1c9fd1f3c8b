import GatewayCore
import GatewayTesting
import NIOCore
import Testing

@testable import GatewayHTTP

@Suite("Reading a form from a request", .timeLimit(.minutes(10)))
struct MultipartReaderTests {
    /// A request body in chunks that ends, or breaks off.
    private struct Body: AsyncSequence, Sendable {
        var bytes: [UInt8]
        var chunkSize = 1000
        var failure: (any Error)?

        init(_ text: String, chunkSize: Int = 1000, failure: (any Error)? = nil) {
            bytes = Array(text.utf8)
            self.chunkSize = chunkSize
            self.failure = failure
        }

        struct AsyncIterator: AsyncIteratorProtocol {
            var rest: ArraySlice<UInt8>
            let chunkSize: Int
            let failure: (any Error)?

            mutating func next() async throws -> ByteBuffer? {
                guard !rest.isEmpty else {
                    if let failure { throw failure }
                    return nil
                }
                defer { rest = rest.dropFirst(chunkSize) }
                return ByteBuffer(bytes: rest.prefix(chunkSize))
            }
        }

        func makeAsyncIterator() -> AsyncIterator {
            AsyncIterator(rest: bytes[...], chunkSize: chunkSize, failure: failure)
        }
    }

    private static let contentType = "multipart/form-data; boundary=X"

    private static func part(_ parameters: String, type: String? = nil, _ data: String) -> String {
        let typeLine = type.map { "Content-Type: \($0)\r\n" } ?? ""
        return "--X\r\nContent-Disposition: form-data; \(parameters)\r\n\(typeLine)\r\n\(data)\r\n"
    }

    /// Reads a form; files become their name and text.
    private func read(_ body: Body, reader: MultipartReader = MultipartReader()) async throws -> MultipartForm<String> {
        try await reader.read(body, contentType: Self.contentType) { part, bytes in
            let text = String(decoding: try await ByteChunks.collect(bytes), as: UTF8.self)
            return "\(part.filename ?? "-"):\(part.contentType ?? "-"):\(text)"
        }
    }

    private static let form =
        part("name=prompt", "一只猫") + part("name=\"images[]\"; filename=\"a.png\"", type: "image/png", "first\r\n--")
        + part("name=ratio", "16:9") + part("name=\"images[]\"", type: "application/octet-stream", "second")
        + part("name=empty; filename=\"\"", type: "application/octet-stream", "")
        + part("name=blob; filename=\"\"", "third") + part("name=prompt", "") + part("name=zero; filename=z.png", "")
        + part("name=note", type: "text/plain; charset=utf-8", "n") + "--X--\r\n"

    @Test("fields and files come in order; an empty file field is absent", arguments: [1, 7, 64, 100_000])
    func form(chunkSize: Int) async throws {
        let form = try await read(Body(Self.form, chunkSize: chunkSize))
        #expect(
            form.entries.map(\.name) == [
                "prompt", "images[]", "ratio", "images[]", "blob", "prompt", "zero", "note",
            ])
        #expect(form.fields.map(\.text) == ["一只猫", "16:9", "", "n"])
        #expect(
            form.files.map(\.file) == [
                "a.png:image/png:first\r\n--", "-:application/octet-stream:second", ":-:third", "z.png:-:",
            ])
    }

    @Test("a file that nobody reads is skipped, and can't be read later")
    func skipping() async throws {
        let form = try await MultipartReader().read(Body(Self.form, chunkSize: 11), contentType: Self.contentType) {
            _, bytes in bytes
        }
        #expect(form.fields.map(\.text) == ["一只猫", "16:9", "", "n"])
        #expect(form.files.count == 4)
        for file in form.files.prefix(2) {
            await #expect(throws: (any Error).self) { try await ByteChunks.collect(file.file) }
        }
    }

    @Test("what takes a file may refuse it")
    func refusing() async throws {
        await #expect(throws: InputFault(.unsupportedFormat)) {
            try await MultipartReader().read(Body(Self.form), contentType: Self.contentType) { _, _ -> String in
                throw InputFault(.unsupportedFormat)
            }
        }
    }

    @Test("sizes over the limits are refused")
    func limits() async throws {
        var reader = MultipartReader()
        (reader.limits.total, reader.limits.field, reader.limits.fields) = (4000, 1000, 1500)
        let kilobyte = String(repeating: "k", count: 1000)
        let exact = Self.part("name=a", kilobyte) + Self.part("name=b", String(kilobyte.prefix(500))) + "--X--"
        #expect(try await read(Body(exact), reader: reader).fields.count == 2)
        for body in [
            Self.part("name=a", kilobyte + "k") + "--X--",
            Self.part("name=a", kilobyte) + Self.part("name=b", String(kilobyte.prefix(501))) + "--X--",
            Self.part("name=a; filename=b", String(repeating: kilobyte, count: 4)) + "--X--",
            "--X--\r\n" + String(repeating: kilobyte, count: 4),
        ] {
            for chunkSize in [10, 1 << 20] {
                let problem = await #expect(throws: RequestProblem.self) {
                    try await read(Body(body, chunkSize: chunkSize), reader: reader)
                }
                #expect(problem?.kind == .requestTooLarge)
            }
        }
    }

    @Test("a body that can't be read says why in both languages")
    func invalid() async throws {
        let problem = await #expect(throws: RequestProblem.self) { try await read(Body("--X\r\n")) }
        #expect(problem?.kind == .invalidMultipart)
        #expect(problem?.values[.why]?.english == "it ends before its closing boundary")
        let many = String(repeating: Self.part("name=a", ""), count: 101) + "--X--"
        let tooMany = await #expect(throws: RequestProblem.self) { try await read(Body(many)) }
        #expect(tooMany?.kind == .tooManyParts)
    }

    @Test("every fault has a reason of its own")
    func reasons() {
        let problems = MultipartFault.allCases.map(\.problem)
        #expect(Set(problems.map { "\($0.values[.why]?.english ?? "")" }).count == problems.count)
        #expect(problems.allSatisfy { $0.kind == .tooManyParts || $0.values[.why]?.chinese.isEmpty == false })
    }

    @Test("a connection that breaks ends the reading, of a file too")
    func brokenConnection() async throws {
        struct ConnectionLost: Error {}
        let body = String(Self.form.prefix(150))
        await #expect(throws: ConnectionLost.self) { try await read(Body(body, failure: ConnectionLost())) }
    }
}
