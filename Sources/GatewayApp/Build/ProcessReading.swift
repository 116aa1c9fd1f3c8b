import Foundation
import GatewayCore

/// What the system knows about this process, under the names that Prometheus' own clients use.
struct ProcessReading: Equatable {
    var cpuSeconds: Double
    var residentBytes: Double
    var virtualBytes: Double
    var threads: Double
    var openFiles: Double?
    var maximumFiles: Double?

    /// Nil where there is no `/proc`.
    static func current() -> ProcessReading? {
        guard let stat = FileManager.default.contents(atPath: "/proc/self/stat"),
            var reading = ProcessReading(
                stat: String(decoding: stat, as: UTF8.self), ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))),
                pageSize: Double(sysconf(Int32(_SC_PAGESIZE))))
        else { return nil }
        reading.openFiles = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map {
            Double($0.count)
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            reading.maximumFiles = Double(limit.rlim_cur)
        }
        return reading
    }

    /// `stat`: the line of `/proc/<pid>/stat`. The program's name in brackets may hold anything, blanks too.
    init?(stat: String, ticksPerSecond: Double, pageSize: Double) {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(whereSeparator: \.isWhitespace).map { Double($0) }
        // The third field of the line is the first of these.
        guard fields.count > 21, let user = fields[11], let system = fields[12], let threads = fields[17],
            let virtual = fields[20], let pages = fields[21]
        else { return nil }
        cpuSeconds = (user + system) / ticksPerSecond
        residentBytes = pages * pageSize
        virtualBytes = virtual
        self.threads = threads
    }

    func write(to text: inout MetricText, startedAt: Timestamp) {
        text.counter("process_cpu_seconds_total", "Time of the processors, user and system.", [([], cpuSeconds)])
        text.gauge("process_resident_memory_bytes", "Memory that is held.", [([], residentBytes)])
        text.gauge("process_virtual_memory_bytes", "Memory that is mapped.", [([], virtualBytes)])
        text.gauge("process_threads", "Threads.", [([], threads)])
        if let openFiles { text.gauge("process_open_fds", "Open files and connections.", [([], openFiles)]) }
        if let maximumFiles { text.gauge("process_max_fds", "Most of them.", [([], maximumFiles)]) }
        text.gauge(
            "process_start_time_seconds", "Start, in seconds since 1970.",
            [([], Double(startedAt.milliseconds) / 1000)])
    }
}
