import Foundation
import WireJSON

/// A generation as the command line asks for it: the same fields as JSON, or as a form when files go along.
struct GenerationOrder: Sendable {
    /// The endpoint, `/v1/...`.
    var path: String
    /// Texts, numbers and flags.
    var fields: JSONObject
    var files: [MultipartForm.File] = []

    /// What a finished generation left.
    struct Finished: Sendable {
        var id: String
        /// How many results there are, at least one.
        var count: Int
    }

    private static let ended: Set<String> = ["succeeded", "partial", "failed", "canceled"]

    /// Starts it, shows how far it is, and waits for its end.
    /// - Throws: ``GatewayClient/Problem`` with what it failed of.
    func run(with client: GatewayClient, at base: String, quiet: Bool) async throws -> Finished {
        var fields = fields
        fields["async"] = true
        var display = ProgressDisplay()
        defer { display.clear() }
        var object: JSONValue
        if files.isEmpty {
            object = try await client.post(.object(fields), to: path, at: base)
        } else {
            let form = try MultipartForm(fields: fields, files: files, boundary: "jimeng-\(UUID().uuidString)")
            object = try await client.post(form, to: path, at: base)
        }
        let id = object["id"]?.string ?? ""
        while let state = Self.state(of: object), !Self.ended.contains(state.status) {
            if !quiet { display.show(state) }
            object = try await client.generation(id, at: base)
        }
        if let error = object["error"], !error.isNull { throw GatewayClient.Problem(error: error) }
        let count = object["data"]?.array?.count ?? 0
        guard count > 0 else { throw GatewayClient.Problem(message: "the generation gave no result") }
        return Finished(id: id, count: count)
    }

    private static func state(of object: JSONValue) -> ProgressDisplay.State? {
        guard let status = object["status"]?.string else { return nil }
        return ProgressDisplay.State(
            status: status, percent: Int(object["progress"]?.int ?? 0),
            queuePosition: object["queue_position"]?.int.map { Int($0) },
            queueTotal: object["queue_total"]?.int.map { Int($0) },
            etaSeconds: object["eta_seconds"]?.int.map { Int($0) })
    }
}
