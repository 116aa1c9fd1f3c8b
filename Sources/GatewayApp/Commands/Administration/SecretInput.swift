import ArgumentParser
import Foundation

/// Reads what must not stand in the shell's history.
enum SecretInput {
    /// Most bytes that are read.
    private static let limit = 2 << 20

    /// One line of standard input; on a terminal it is asked for and not shown.
    static func line(_ prompt: String) throws -> String {
        var saved = termios()
        let isTerminal = isatty(0) == 1 && tcgetattr(0, &saved) == 0
        if isTerminal {
            Terminal.write(prompt, to: 2)
            var silent = saved
            silent.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(0, TCSAFLUSH, &silent)
        }
        defer {
            if isTerminal {
                tcsetattr(0, TCSAFLUSH, &saved)
                Terminal.write("\n", to: 2)
            }
        }
        let text = readLine()?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        guard !text.isEmpty else { throw ValidationError("No session id was given.") }
        return text
    }

    /// A whole file; `-` = standard input.
    static func text(_ path: String) throws -> String {
        let file: FileHandle
        if path == "-" {
            file = .standardInput
        } else {
            guard let opened = FileHandle(forReadingAtPath: path) else {
                throw ValidationError("\(path) can't be read.")
            }
            file = opened
        }
        guard let data = try file.read(upToCount: limit + 1), data.count <= limit,
            let text = String(data: data, encoding: .utf8)
        else { throw ValidationError("The import is empty, larger than 2 MB or no text.") }
        return text
    }
}
