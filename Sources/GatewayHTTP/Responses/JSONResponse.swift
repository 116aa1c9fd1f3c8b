import HTTPTypes
import Hummingbird
import WireJSON

/// Answers with a JSON body.
enum JSONResponse {
    static let contentType = "application/json; charset=utf-8"

    static func make(
        _ value: JSONValue, status: HTTPResponse.Status = .ok, headers: HTTPFields = HTTPFields()
    ) -> Response {
        make(ByteBuffer(bytes: value.serialized()), status: status, headers: headers)
    }

    /// For a body that is JSON already.
    static func make(
        _ buffer: ByteBuffer, status: HTTPResponse.Status = .ok, headers: HTTPFields = HTTPFields()
    ) -> Response {
        var headers = headers
        headers[.contentType] = contentType
        return Response(status: status, headers: headers, body: .init(byteBuffer: buffer))
    }
}

extension JSONValue {
    /// The number, or null.
    static func optional(_ value: (some BinaryInteger)?) -> JSONValue {
        value.map { .integer(Int64($0)) } ?? .null
    }

    static func optional(_ value: String?) -> JSONValue {
        value.map { .string($0) } ?? .null
    }

    static func strings(_ values: some Sequence<String>) -> JSONValue {
        .array(values.map { .string($0) })
    }

    /// Compact text with the members of every object in the order of their names: equal values give equal text.
    func canonical(into output: inout [UInt8]) {
        switch self {
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                element.canonical(into: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, key) in members.keys.sorted().enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                JSONValue.string(key).write(into: &output)
                output.append(UInt8(ascii: ":"))
                (members[key] ?? .null).canonical(into: &output)
            }
            output.append(UInt8(ascii: "}"))
        case .null, .bool, .integer, .number, .string: write(into: &output)
        }
    }
}
