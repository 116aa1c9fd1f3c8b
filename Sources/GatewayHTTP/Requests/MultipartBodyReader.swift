import GatewayCore
import HTTPTypes
import Hummingbird
import WireJSON

/// Reads bodies that may bring files: JSON and forms as ``BodyReader`` does, multipart forms with their files streamed to
/// disk.
struct MultipartBodyReader: Sendable {
    let plain: BodyReader
    let multipart: MultipartReader

    /// `kinds`: what files may be; the first one is named when a file is something else.
    /// - Throws: as ``BodyReader`` and ``MultipartReader``; ``RequestProblem`` about a file; ``GenerationFault`` when the
    ///   disk fails.
    func body(
        of request: Request, into basket: InputBasket, kinds: [MaterialKind], requestID: String
    ) async throws -> ReceivedBody {
        let contentType = request.headers[.contentType] ?? ""
        guard contentType.prefix(while: { $0 != ";" }).trimmingSuffix().lowercased() == "multipart/form-data" else {
            return ReceivedBody(fields: try await plain.fields(of: request, requestID: requestID))
        }
        try checkHead(request)
        var count = 0
        let form = try await multipart.read(request.body, contentType: contentType) { part, bytes in
            count += 1
            let problem = InputProblem(
                origin: .upload, param: part.name, index: count, kinds: kinds,
                expected: Self.expected(FieldName(part.name).base, kinds))
            let material = try await problem.telling { try await basket.spool(bytes) }
            try problem.check(material)
            return ReceivedFile(part, material: material)
        }
        var object = JSONObject()
        var parts: [ReceivedBody.Part] = []
        for entry in form.entries {
            switch entry.value {
            case .text(let text):
                FormDecoder.add(.string(text), named: entry.name, to: &object)
                parts.append(.text(name: entry.name, text))
            case .file(let file): parts.append(.file(file))
            }
        }
        return ReceivedBody(fields: RequestFields(object, isForm: true), parts: parts)
    }

    private func checkHead(_ request: Request) throws(RequestProblem) {
        if let coding = request.headers[.contentEncoding]?.lowercased(), coding != "identity" {
            throw RequestProblem(
                .unsupportedContentType, values: [.contentType: .echo("with content-encoding \(coding)")])
        }
        if let declared = request.headers[.contentLength].flatMap({ Int($0) }), declared > multipart.limits.total {
            throw RequestProblem(
                .requestTooLarge, values: [.max: PlaceholderText(BodyReader.shown(multipart.limits.total))])
        }
    }

    /// What a file in this field was probably meant to be.
    static func expected(_ field: String, _ kinds: [MaterialKind]) -> MaterialKind {
        for kind in kinds where field.hasPrefix(kind.rawValue) { return kind }
        return kinds.first ?? .image
    }
}

extension Substring {
    fileprivate func trimmingSuffix() -> String { String(self).trimmingBlanks() }
}
