import Configuration
import Foundation
import SystemPackage
import Yams

/// Where settings come from, strongest first: flags, environment, the files in reverse order.
struct SettingSources {
    private(set) var providers: [any ConfigProvider] = []
    /// Keys that the files name, for finding those that nobody reads.
    private var fileKeys: [(file: String, key: String)] = []
    /// Names of environment variables of ours.
    private var variables: [String] = []

    /// - Throws: ``ConfigurationProblems`` naming every file that can't be used.
    init(flags: [String: String], environment: [String: String], files: [String]) async throws {
        providers.append(
            InMemoryProvider(
                name: "flags",
                values: Dictionary(
                    uniqueKeysWithValues: flags.map { key, value in
                        (
                            AbsoluteConfigKey(key.split(separator: ".").map(String.init)),
                            ConfigValue(.string(value), isSecret: false)
                        )
                    })))
        var environment = environment
        // The plain PORT of container platforms is a variable like ours, and so stronger than a file.
        if environment["JIMENG_HTTP_PORT"] == nil { environment["JIMENG_HTTP_PORT"] = environment["PORT"] }
        providers.append(EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "jimeng"))
        variables = environment.keys.filter { $0.hasPrefix("JIMENG_") }

        var problems: [String] = []
        for file in files.reversed() {
            do {
                providers.append(try await FileProvider<YAMLSnapshot>(filePath: FilePath(file)))
                let text = try String(contentsOfFile: file, encoding: .utf8)
                fileKeys += Self.keys(of: try Yams.load(yaml: text)).map { (file, $0) }
            } catch {
                problems.append("the file \(file) can't be read as YAML")
            }
        }
        guard problems.isEmpty else { throw ConfigurationProblems(problems: problems) }
    }

    /// What is named but read by nobody. A wrong key inside a section of ours is a mistake of whoever wrote it; whole
    /// sections and variables of others are only worth a remark: files of older gateways are taken as they are.
    /// - Returns: problems, which keep the program from starting, and remarks.
    func unread(known: Set<String>) -> (problems: [String], remarks: [String]) {
        let sections = Set(known.compactMap { $0.contains(".") ? $0.split(separator: ".").first : nil })
        var (problems, remarks): ([String], [String]) = ([], [])
        for (file, key) in fileKeys where !known.contains(key) && !Self.ignored.contains(key) {
            if key.contains("."), let section = key.split(separator: ".").first, sections.contains(section) {
                problems.append("\(key) in \(file) is no setting\(Self.hint(for: key, among: known))")
            } else {
                remarks.append("\(key) in \(file) is no setting of this program and has no effect")
            }
        }
        let names = Set(known.map { Self.variable(of: $0) } + Self.otherVariables)
        for name in variables.sorted() where !names.contains(name) {
            remarks.append("\(name) in the environment is no setting\(Self.hint(for: name, among: names))")
        }
        return (problems, remarks)
    }

    /// Of the older `service.yml`: its own name, and where it mounted its routes.
    private static let ignored: Set<String> = ["name", "route"]
    /// Read by commands, not by the server, or by the key vault.
    private static let otherVariables = ["JIMENG_SERVER", "JIMENG_TOKEN", "JIMENG_SECRET_KEY"]

    private static func variable(of key: String) -> String {
        var name = "JIMENG_"
        for character in key {
            // Camel case of the older files: requestLog is REQUEST_LOG.
            if character.isUppercase { name += "_" }
            name += character == "." ? "_" : character.uppercased()
        }
        return name
    }

    /// Leaves of nested mappings, their names joined by dots.
    private static func keys(of value: Any?, below path: String = "") -> [String] {
        guard let mapping = value as? [AnyHashable: Any] else { return path.isEmpty ? [] : [path] }
        return mapping.flatMap { name, value in
            keys(of: value, below: path.isEmpty ? "\(name)" : "\(path).\(name)")
        }.sorted()
    }

    /// The nearest name, when one is near enough to be meant.
    private static func hint(for name: String, among names: Set<String>) -> String {
        let near = names.sorted().map { ($0, distance(name, $0)) }.min { $0.1 < $1.1 }
        guard let near, near.1 <= max(2, name.count / 6) else { return "" }
        return "; did you mean \(near.0)?"
    }

    /// How many letters must be put in, taken out or exchanged to make one text of the other.
    private static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.utf8.prefix(100)), Array(right.utf8.prefix(100)))
        var row = Array(0...right.count)
        for (line, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, other) in right.enumerated() {
                let exchanged = diagonal + (letter == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(exchanged, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
