import Foundation
package import Logging

/// Builds the loggers of the process. There is no global bootstrap, so that tests and the command line can have others.
package struct LoggerFactory: Sendable {
    private let level: Logger.Level
    private let format: LineLogHandler.Format
    private let output: LineLogHandler.Output

    /// `format`: nil chooses text on a terminal and JSON otherwise.
    /// `descriptor`: where lines go; 1 for the server, 2 for commands whose output is their result.
    /// `file`: gets every line too, at its end; made when it is not there. Lines are appended one write each, so that
    /// it may be copied and truncated by others while the program runs.
    /// - Throws: ``ConfigurationProblems`` when the file can't be opened.
    package init(level: Logger.Level, format: LineLogHandler.Format?, descriptor: Int32, file: String? = nil) throws {
        self.level = level
        self.format = format ?? (isatty(descriptor) == 1 ? .text : .json)
        let terminal = LineLogHandler.Output.descriptor(descriptor)
        guard let file else {
            output = terminal
            return
        }
        let opened = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard opened >= 0 else {
            throw ConfigurationProblems(problems: ["log.file: \(file): \(String(cString: strerror(errno)))"])
        }
        let kept = LineLogHandler.Output.descriptor(opened)
        output = LineLogHandler.Output { line in
            terminal.write(line)
            kept.write(line)
        }
    }

    package init(level: Logger.Level, format: LineLogHandler.Format, output: LineLogHandler.Output) {
        self.level = level
        self.format = format
        self.output = output
    }

    package func make(_ label: String) -> Logger {
        Logger(label: label) { label in
            LineLogHandler(label: label, level: level, format: format, output: output)
        }
    }
}
