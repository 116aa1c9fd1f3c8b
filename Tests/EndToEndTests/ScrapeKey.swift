import Foundation
import Testing
import WireJSON

/// A key for `GET /metrics` and nothing else, made as an operator of this machine would.
enum ScrapeKey {
    static func make(_ gateway: TestGateway, _ api: APIClient) async throws -> String {
        let file = URL(fileURLWithPath: gateway.folder + "/control.json")
        // The file follows the port; both follow the start.
        while !FileManager.default.fileExists(atPath: file.path) { try await Task.sleep(for: .milliseconds(5)) }
        let secret = try JSONValue.parse(Array(try Data(contentsOf: file)))["secret"]?.string
        let made = try await api.post(
            "/dashboard/keys", token: secret, ["name": "prometheus", "scopes": ["metrics"]])
        return try #require(made.json["key"]?.string)
    }
}
