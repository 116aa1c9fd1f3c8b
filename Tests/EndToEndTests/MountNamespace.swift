import Foundation

/// Whether this machine lets a process have mounts of its own, which some containers and kernels refuse.
enum MountNamespace {
    static let isAllowed: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        process.arguments = ["--map-root-user", "--mount", "/bin/sh", "-c", "mount -t tmpfs -o size=64k none /mnt"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()
}
