import Glibc

/// Memory and processor time of a process, from /proc. Memory in megabytes (2^20 bytes).
struct ProcessFigures: Sendable {
    var resident: Double
    var anonymous: Double
    /// The most that was resident since the start or ``resetPeak(of:)``.
    var peak: Double
    /// User and system time in seconds, all threads, to 10 ms.
    var processorSeconds: Double

    init(of process: pid_t) throws {
        guard let status = SmallFile.read("/proc/\(process)/status"), let stat = SmallFile.read("/proc/\(process)/stat")
        else { throw BenchProblem("process \(process) has ended") }
        func megabytes(_ name: String) throws -> Double {
            for line in status.split(separator: "\n") where line.hasPrefix(name + ":") {
                if let number = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first,
                    let value = Double(number)
                {
                    return value / 1024
                }
            }
            throw BenchProblem("/proc says nothing about \(name)")
        }
        resident = try megabytes("VmRSS")
        anonymous = try megabytes("RssAnon")
        peak = try megabytes("VmHWM")
        // Behind the name in parentheses, which may hold anything: state is the first field, utime the 12th.
        let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
            throw BenchProblem("/proc/\(process)/stat can't be read")
        }
        processorSeconds = (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Forgets the peak, so that it counts from now on.
    static func resetPeak(of process: pid_t) {
        // Without it the peak counts from the start: never less than the truth.
        _ = SmallFile.write("5", to: "/proc/\(process)/clear_refs")
    }
}
