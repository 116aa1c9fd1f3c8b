import Foundation
package import Logging

/// Builds the loggers of the process. There is no global bootstrap, so that tests and the command line can have others.
package struct LoggerFactory: Sendable {
    private let level: Logger.Level
    private let format: LineLogHandler.Format
    private let output: LineLogHandler.Output

    /// `format`: nil chooses text on a terminal and JSON otherwise.
    /// `descriptor`: where lines go; 1 for the server, 2 for commands whose output is their result.
    package init(level: Logger.Level, format: LineLogHandler.Format?, descriptor: Int32) {
        self.level = level
        self.format = format ?? (isatty(descriptor) == 1 ? .text : .json)
        output = .descriptor(descriptor)
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
