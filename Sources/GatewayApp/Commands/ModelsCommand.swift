import ArgumentParser
import GatewayCore
import SiteClient
import WireJSON

struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List the models, where they run and what they can do.")

    @Flag(name: .long, help: "Only image models.")
    var images = false

    @Flag(name: .long, help: "Only video models.")
    var videos = false

    @Flag(name: .long, help: "Print JSON, one object per line.")
    var json = false

    func run() async throws {
        let models = ModelCatalogue.site().models.filter { model in
            images == videos || (images ? model.kind == .image : model.kind == .video)
        }
        if json {
            for model in models { Terminal.say(Self.object(model).serializedString()) }
            return
        }
        let rows = models.map { model in
            [
                model.id, model.kind.rawValue, model.regions.map(\.rawValue).joined(separator: ","),
                model.resolutions.joined(separator: ","),
                model.kind == .image ? Self.counts(model) : model.durations.map { "\($0)s" }.joined(separator: ","),
                model.status.rawValue,
            ]
        }
        Terminal.say(Self.table([["MODEL", "KIND", "REGIONS", "RESOLUTIONS", "COUNT / SECONDS", "STATUS"]] + rows))
    }

    private static func counts(_ model: Model) -> String {
        guard let first = model.countOptions.first, let last = model.countOptions.last else { return "by the site" }
        return first == last ? "\(first)" : "\(first)-\(last)"
    }

    private static func object(_ model: Model) -> JSONValue {
        .object(
            JSONObject([
                ("id", .string(model.id)), ("kind", .string(model.kind.rawValue)),
                ("aliases", .array(model.aliases.map { .string($0) })),
                ("regions", .array(model.regions.map { .string($0.rawValue) })),
                ("resolutions", .array(model.resolutions.map { .string($0) })),
                ("durations", .array(model.durations.map { .integer(Int64($0)) })),
                ("status", .string(model.status.rawValue)),
            ]))
    }

    /// Columns as wide as their widest cell; long cells are cut, but for the last column's.
    static func table(_ rows: [[String]]) -> String {
        let limit = 34
        let cut = rows.map { row in
            row.enumerated().map { column, cell in
                cell.count > limit && column < row.count - 1 ? cell.prefix(limit - 1) + "…" : cell
            }
        }
        let widths = (0..<(rows.first?.count ?? 0)).map { column in cut.map { $0[column].count }.max() ?? 0 }
        return cut.map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
