import Foundation

/// Where this program's own file is, for starting it again as a worker.
enum ProgramPath {
    /// The path of the running executable, links resolved.
    static var own: String {
        if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") { return path }
        return CommandLine.arguments.first.map { URL(fileURLWithPath: $0).standardizedFileURL.path } ?? "jimeng"
    }
}
