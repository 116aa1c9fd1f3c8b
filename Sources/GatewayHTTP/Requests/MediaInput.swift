import GatewayCore
import WireJSON

/// One material of a request: what it is and where it stood.
struct MediaInput: Hashable, Sendable {
    var reference: MediaReference
    /// The field without index and brackets.
    var field: String
    /// As errors name it: `images[2]`.
    var param: String
    var fileName: String?

    init(_ file: ReceivedFile) {
        reference = .upload(file.material)
        field = file.field
        param = file.param
        fileName = file.fileName
    }

    /// - Throws: as ``MediaReference``.
    init(_ candidate: MediaCandidate, index: Int) throws(RequestProblem) {
        reference = try MediaReference(candidate.value, param: candidate.param, index: index)
        field = candidate.field
        param = candidate.param
    }

    var isUpload: Bool { if case .upload = reference { true } else { false } }
}

/// A value of a field that names a material, not yet looked at.
struct MediaCandidate: Hashable {
    var field: String
    var param: String
    var value: JSONValue
}

extension RequestFields {
    /// The materials that a field names, in order: an array's elements, a form's numbered members, or the one value.
    /// Blank ones are none.
    func media(_ name: String) -> [MediaCandidate] {
        guard isPresent(name), let value = object[name] else { return [] }
        return Self.media(value, field: name, param: name, isForm: isForm)
    }

    static func media(_ value: JSONValue, field: String, param: String, isForm: Bool) -> [MediaCandidate] {
        switch value {
        case .array(let elements):
            return elements.enumerated().map {
                MediaCandidate(field: field, param: "\(param)[\($0.offset)]", value: $0.element)
            }
        case .object(let members):
            let numbered = members.compactMap { key, value in Int(key).map { ($0, value) } }
            guard !numbered.isEmpty, numbered.count == members.count else { break }
            return numbered.sorted { $0.0 < $1.0 }.map {
                MediaCandidate(field: field, param: "\(param)[\($0.0)]", value: $0.1)
            }
        case .string(let text) where isForm:
            // A form can hold an array or an object only as text.
            let start = text.trimmingBlanks().prefix(1)
            if start == "[" || start == "{", let parsed = try? JSONValue.parse(text) {
                return media(parsed, field: field, param: param, isForm: false)
            }
        case .null, .bool, .integer, .number, .string: break
        }
        return [MediaCandidate(field: field, param: param, value: value)]
    }
}
