import Foundation
package import GatewayCore
package import Logging
import Synchronization
import WireJSON

/// One line per event on a file descriptor: readable text for people, or a JSON object for machines. Secrets that a
/// message carries by mistake are blotted out (``Redaction``).
package struct LineLogHandler: LogHandler {
    package enum Format: String, Sendable, CaseIterable {
        case text, json
    }

    /// Where lines go. One write per line, so that lines of several threads don't mix.
    package struct Output: Sendable {
        package let write: @Sendable ([UInt8]) -> Void

        package init(_ write: @escaping @Sendable ([UInt8]) -> Void) {
            self.write = write
        }

        package static func descriptor(_ descriptor: Int32) -> Output {
            Output { bytes in
                var rest = bytes[...]
                while !rest.isEmpty {
                    let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
                    if count < 0, errno == EINTR { continue }
                    // A log that can't be written has nobody to tell.
                    guard count > 0 else { return }
                    rest = rest.dropFirst(count)
                }
            }
        }
    }

    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let format: Format
    private let output: Output
    private let now: @Sendable () -> Timestamp

    package init(
        label: String, level: Logger.Level, format: Format, output: Output,
        now: @escaping @Sendable () -> Timestamp = { SystemTime().now }
    ) {
        self.label = label
        self.logLevel = level
        self.format = format
        self.output = output
        self.now = now
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { _, new in new } }
        if let own = event.metadata { fields.merge(own) { _, new in new } }
        let ordered = fields.map { ($0.key, Redaction.clean("\($0.value)")) }.sorted { $0.0 < $1.0 }
        let message = Redaction.clean(event.message.description)
        switch format {
        case .text: output.write(text(event.level, message, ordered))
        case .json: output.write(json(event.level, message, ordered))
        }
    }

    private func text(_ level: Logger.Level, _ message: String, _ fields: [(String, String)]) -> [UInt8] {
        var line = "\(Self.clock(now())) \(Self.word(level)) \(Self.oneLine(message))"
        for (key, value) in fields {
            let needsQuotes = value.isEmpty || value.contains { $0 == " " || $0 == "\"" || $0 == "=" }
            line += needsQuotes ? " \(key)=\"\(Self.oneLine(value))\"" : " \(key)=\(Self.oneLine(value))"
        }
        return Array(line.utf8) + [0x0A]
    }

    private func json(_ level: Logger.Level, _ message: String, _ fields: [(String, String)]) -> [UInt8] {
        var object = JSONObject()
        object["time"] = .string(Self.clock(now()))
        object["level"] = .string(Self.word(level).trimmingCharacters(in: .whitespaces))
        object["message"] = .string(message)
        object["logger"] = .string(label)
        for (key, value) in fields where object[key] == nil { object[key] = .string(value) }
        var line = JSONValue.object(object).serialized()
        line.append(0x0A)
        return line
    }

    private static func word(_ level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: "DEBUG"
        case .info, .notice: "INFO "
        case .warning: "WARN "
        case .error, .critical: "ERROR"
        }
    }

    /// A value from outside must not begin a line of its own or move the cursor.
    private static func oneLine(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else { return text }
        return String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }

    /// `2026-09-20T08:15:30.123Z`.
    static func clock(_ instant: Timestamp) -> String {
        var seconds = time_t(instant.seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func padded(_ value: Int32, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let milliseconds = Int32(instant.milliseconds - instant.seconds * 1000)
        return "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))T"
            + "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):\(padded(parts.tm_sec, 2))."
            + "\(padded(milliseconds, 3))Z"
    }
}
