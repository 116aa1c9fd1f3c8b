import GatewayCore
import NIOCore
import WireJSON

/// Which decoder a body goes through.
enum BodyDecoder: Hashable {
    case json
    case form

    /// - Throws: `unsupported_content_type`.
    init(contentType: String?) throws(RequestProblem) {
        let type = contentType?.split(separator: ";").first.map { String($0).trimmingBlanks().lowercased() } ?? ""
        switch type {
        case "", "application/json", "text/json", "text/plain": self = .json
        case "application/x-www-form-urlencoded": self = .form
        default:
            guard type.hasPrefix("application/"), type.hasSuffix("+json") else {
                throw RequestProblem(.unsupportedContentType, values: [.contentType: .echo(type)])
            }
            self = .json
        }
    }

    func decode(_ body: ByteBuffer) throws(RequestProblem) -> RequestFields {
        switch self {
        case .json: return RequestFields(try Self.object(in: body), isForm: false)
        case .form:
            // What `curl -d` sends without a header of its own.
            let first = body.readableBytesView.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
            if first == UInt8(ascii: "{") { return RequestFields(try Self.object(in: body), isForm: false) }
            return RequestFields(try FormDecoder.decode(body), isForm: true)
        }
    }

    private static func object(in body: ByteBuffer) throws(RequestProblem) -> JSONObject {
        let result = body.withUnsafeReadableBytes { bytes -> Result<JSONValue, JSONParseError> in
            do throws(JSONParseError) {
                return .success(try JSONValue.parse(bytes))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(.object(let object)): return object
        case .success: throw invalid(line: 1, column: 1)
        case .failure(let error) where error.kind == .emptyInput: return JSONObject()
        case .failure(let error): throw invalid(line: error.line, column: error.column)
        }
    }

    private static func invalid(line: Int, column: Int) -> RequestProblem {
        RequestProblem(.invalidJSON, values: [.line: "\(line)", .column: "\(column)"])
    }
}
