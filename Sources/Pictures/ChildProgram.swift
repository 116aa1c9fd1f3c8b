import Subprocess

/// Programs of this machine that are run as child processes.
enum ChildProgram {
    /// By name (looked for in `PATH`) or by absolute path.
    /// - Throws: ``PictureError/unavailable(_:)`` when there is none.
    static func locate(_ name: String) async throws(PictureError) -> Executable {
        do {
            guard name.hasPrefix("/") else {
                return .path(try await Executable.name(name).resolveExecutablePath(in: ChildEnvironment.minimal))
            }
            let parts = name.split(separator: "/")
            let folder = "/" + parts.dropLast().joined(separator: "/")
            return .path(
                try await Executable.name(String(parts.last ?? "")).resolveExecutablePath(
                    in: .custom(["PATH": folder])))
        } catch {
            throw PictureError.unavailable(.program)
        }
    }
}
