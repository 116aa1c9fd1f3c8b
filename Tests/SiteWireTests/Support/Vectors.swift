import Foundation
import Testing
import WireJSON

/// The recorded exchanges and tables beside these tests.
enum Vectors {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Vectors")

    static func file(_ path: String) throws -> JSONValue {
        let data = try Data(contentsOf: folder.appendingPathComponent(path))
        return try JSONValue.parse(Array(data))
    }

    static func example(_ name: String) throws -> JSONValue { try file("examples/\(name).json") }

    /// The response body of an example, as bytes on the wire.
    static func response(_ name: String) throws -> [UInt8] {
        let body = try #require(try example(name)["response"]?["body"])
        return body.string.map { Array($0.utf8) } ?? body.serialized()
    }

    static func exampleNames(prefix: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("examples").path)
            .filter { $0.hasPrefix(prefix) && $0.hasSuffix(".json") }
            .map { String($0.dropLast(5)) }
            .sorted()
    }
}
