import HTTPTypes

/// A multipart form, built part by part.
struct FormBody {
    private static let boundary = "test-boundary-7f3a"
    private var text = ""

    var headers: HTTPFields { [.contentType: "multipart/form-data; boundary=\(Self.boundary)"] }
    var body: String { text + "--\(Self.boundary)--\r\n" }

    /// Texts first, then files by `name`, `file name` and `contents`.
    init(_ fields: [(String, String)] = [], files: [(String, String?, String)] = []) {
        for (name, value) in fields { add(name, value) }
        for (name, fileName, contents) in files { add(file: name, fileName, contents) }
    }

    mutating func add(_ name: String, _ value: String) {
        text += "--\(Self.boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
    }

    mutating func add(file name: String, _ fileName: String?, _ contents: String) {
        let file = fileName.map { "; filename=\"\($0)\"" } ?? ""
        text +=
            "--\(Self.boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\(file)\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n\(contents)\r\n"
    }
}

extension Gateway {
    func send(_ form: FormBody, to uri: String, headers: HTTPFields = [:]) async throws -> Answer {
        var all = form.headers
        for field in headers { all.append(field) }
        return try await send(.post, uri, headers: all, body: form.body)
    }

    func sendJSON(_ body: String, to uri: String, headers: HTTPFields = [:]) async throws -> Answer {
        var all = headers
        all[.contentType] = "application/json"
        return try await send(.post, uri, headers: all, body: body)
    }
}
