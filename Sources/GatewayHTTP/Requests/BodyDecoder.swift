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

    /// `isLenient`: read a body that is not quite JSON all the same, and say so in the fields' notices.
    func decode(_ body: ByteBuffer, isLenient: Bool = true) throws(RequestProblem) -> RequestFields {
        switch self {
        case .json: return try Self.fields(in: body, isLenient: isLenient)
        case .form:
            // What `curl -d` sends without a header of its own.
            let first = body.readableBytesView.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
            if first == UInt8(ascii: "{") { return try Self.fields(in: body, isLenient: isLenient) }
            return RequestFields(try FormDecoder.decode(body), isForm: true)
        }
    }

    /// Strictly first; nothing is touched when that succeeds (endpoints.md section 3.2).
    private static func fields(in body: ByteBuffer, isLenient: Bool) throws(RequestProblem) -> RequestFields {
        let result = body.withUnsafeReadableBytes { bytes -> Result<JSONValue, JSONParseError> in
            do throws(JSONParseError) {
                return .success(try JSONValue.parse(bytes))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(.object(let object)): return RequestFields(object, isForm: false)
        case .success: throw invalid(line: 1, column: 1)
        case .failure(let error) where error.kind == .emptyInput: return RequestFields(JSONObject(), isForm: false)
        case .failure where isLenient: return try repaired(body)
        case .failure(let error): throw invalid(line: error.line, column: error.column)
        }
    }

    private static func repaired(_ body: ByteBuffer) throws(RequestProblem) -> RequestFields {
        let result = body.withUnsafeReadableBytes { bytes -> Result<JSONRepair, JSONParseError> in
            do throws(JSONParseError) {
                return .success(try JSONValue.repair(bytes))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let repair):
            guard case .object(let object) = repair.value else { throw invalid(line: 1, column: 1) }
            var fields = RequestFields(object, isForm: false)
            fields.repairs = repair.kinds.map(\.rawValue)
            return fields
        case .failure(let error): throw invalid(line: error.line, column: error.column)
        }
    }

    private static func invalid(line: Int, column: Int) -> RequestProblem {
        RequestProblem(.invalidJSON, values: [.line: "\(line)", .column: "\(column)"])
    }
}
