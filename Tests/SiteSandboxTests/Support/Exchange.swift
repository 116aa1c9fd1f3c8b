import Foundation
import Testing
import WireJSON

@testable import SiteSandbox

/// A recorded exchange of the protocol documents.
struct Exchange {
    let name: String
    let json: JSONValue

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("SiteWireTests/Vectors/examples")

    init(_ name: String) throws {
        self.name = name
        let data = try Data(contentsOf: Self.folder.appendingPathComponent(name + ".json"))
        json = try JSONValue.parse(Array(data))
    }

    /// The request as the sandbox would read it.
    func call() throws -> SiteCall {
        let request = json["request"] ?? .null
        let url = try #require(URL(string: request["url"]?.string ?? ""))
        let endpoint = try #require(SandboxEndpoint(rawValue: url.path))
        var headers: [String: String] = [:]
        for (key, value) in request["headers"]?.object ?? JSONObject() { headers[key.lowercased()] = value.string }
        var query: [String: String] = [:]
        for (key, value) in request["query"]?.object ?? JSONObject() { query[key] = value.string }
        let body = request["body"].map { $0.isNull ? [] : $0.serialized() } ?? []
        return SiteCall(
            endpoint: endpoint, path: url.path, query: query, headers: headers, authority: "127.0.0.1:1", body: body)
    }

    var body: JSONValue { json["request"]?["body"] ?? .null }
    var answer: JSONValue { json["response"]?["body"] ?? .null }
}
