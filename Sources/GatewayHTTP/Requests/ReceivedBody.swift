import GatewayCore
import WireJSON

/// A file that came with a request and waits on disk.
struct ReceivedFile: Hashable, Sendable {
    /// The part's name without brackets.
    var field: String
    /// The part's name as it was sent.
    var param: String
    /// As the client calls it, without its folders.
    var fileName: String?
    var material: InputMaterial

    init(_ part: MultipartPart, material: InputMaterial) {
        field = FieldName(part.name).base
        param = part.name
        let name = part.filename?.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init)
        fileName = name.flatMap { $0.isEmpty || $0.utf8.count > 255 ? nil : $0 }
        self.material = material
    }
}

/// A body that was read: its fields, and the files of a multipart form.
struct ReceivedBody: Sendable {
    enum Part: Sendable {
        case text(name: String, String)
        case file(ReceivedFile)
    }

    var fields: RequestFields
    /// Of a multipart form, in their order.
    var parts: [Part] = []

    var files: [ReceivedFile] {
        parts.compactMap { if case .file(let file) = $0 { file } else { nil } }
    }
}

/// A form field's name taken apart: `images[0]` is `images` and `0`, `images[]` is `images` and nothing.
struct FieldName: Hashable {
    var base: String
    /// What stands between the brackets; nil without brackets.
    var key: String?

    init(_ name: String) {
        guard name.hasSuffix("]"), let open = name.firstIndex(of: "["), open > name.startIndex else {
            base = name
            return
        }
        base = String(name[..<open])
        key = String(name[name.index(after: open)...].dropLast())
    }
}
