import Foundation
import GatewayCore

/// What was asked, apart from what is searched for: one JSON text, written once.
struct StoredRequest: Codable {
    var task: GenerationTask
    var requestedModel: String
    var notices: [String]?
    var user: String?
    var metadata: [String: String]?
    /// Absent in what earlier versions wrote.
    var webhook: Data?
}

/// Values that are stored as JSON text.
enum JSONColumn {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Nil for an empty list, which is then stored as NULL.
    static func textUnlessEmpty(_ values: [some Encodable]) throws -> String? {
        values.isEmpty ? nil : try text(values)
    }

    static func value<Value: Decodable>(_ text: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }
}
