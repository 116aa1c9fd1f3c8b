import GatewayCore
import NIOCore

/// Reads a form from a request's body: text fields are collected, files are streamed to whoever takes them in, one after
/// another as they arrive (endpoints.md section 3.4). Memory does not grow with the files.
struct MultipartReader: Sendable {
    struct Limits: Hashable, Sendable {
        /// Bytes of the whole body.
        var total = 256 << 20
        /// Bytes of one text field.
        var field = 1 << 20
        /// Bytes of all text fields together.
        var fields = 4 << 20
    }

    var limits = Limits()

    /// `contentType` is the request's, with the boundary. `takeFile` reads a file's bytes and gives what it made of them: what
    /// it leaves unread is skipped, what it throws ends the reading, and the bytes can't be read after it has returned.
    ///
    /// Throws ``RequestProblem``: `invalid_multipart`, `too_many_parts`, `request_too_large` (of the body or of a text field,
    /// before more than the limit is held); what `takeFile` and the connection throw.
    func read<Body: AsyncSequence & Sendable, File: Sendable>(
        _ body: Body, contentType: String, takeFile: (MultipartPart, MediaBody) async throws -> File
    ) async throws -> MultipartForm<File> where Body.Element == ByteBuffer {
        do {
            let source = MultipartSource(
                body, parser: try MultipartParser(contentType: contentType), limit: limits.total)
            var form = MultipartForm<File>()
            var textLength = 0
            while let event = try await source.next() {
                guard case .partBegan(let part) = event else { continue }
                if part.isFile {
                    guard let file = try await self.file(part, from: source, takeFile) else { continue }
                    form.entries.append(.init(name: part.name, value: .file(file)))
                } else {
                    let text = try await text(from: source, total: &textLength)
                    form.entries.append(.init(name: part.name, value: .text(text)))
                }
            }
            return form
        } catch let fault as MultipartFault {
            throw fault.problem
        }
    }

    /// Nil for the file field that a browser's user left empty.
    private func file<Body, File: Sendable>(
        _ part: MultipartPart, from source: MultipartSource<Body>,
        _ takeFile: (MultipartPart, MediaBody) async throws -> File
    ) async throws -> File? {
        let number = await source.part
        var first: ByteBuffer?
        if part.filename?.isEmpty ?? true {
            first = try await source.data(of: number)
            if first == nil { return nil }
        }
        let file = try await takeFile(part, MultipartFileBody(source: source, part: number, first: first))
        try await source.skipPart()
        return file
    }

    private func text<Body>(from source: MultipartSource<Body>, total: inout Int) async throws -> String {
        let number = await source.part
        var text = ByteBuffer()
        while let data = try await source.data(of: number) {
            total += data.readableBytes
            guard text.readableBytes + data.readableBytes <= limits.field else { throw tooLarge(limits.field) }
            guard total <= limits.fields else { throw tooLarge(limits.fields) }
            text.writeImmutableBuffer(data)
        }
        // Bytes that are no UTF-8 become U+FFFD.
        return String(buffer: text)
    }

    private func tooLarge(_ limit: Int) -> RequestProblem {
        RequestProblem(.requestTooLarge, values: [.max: PlaceholderText(BodyReader.shown(limit))])
    }
}
