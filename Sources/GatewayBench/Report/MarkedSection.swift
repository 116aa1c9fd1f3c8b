import Foundation

/// The part of a document between two marker lines, which a program may rewrite while the prose around it stays.
enum MarkedSection {
    static let begin = "<!-- measured: begin -->"
    static let end = "<!-- measured: end -->"

    /// `document` with `content` between the markers; at its end, with new markers, when it has none.
    static func replacing(in document: String, with content: String) -> String {
        guard let first = document.range(of: begin),
            let last = document.range(of: end, range: first.upperBound..<document.endIndex)
        else {
            let separator =
                document.isEmpty || document.hasSuffix("\n\n") ? "" : document.hasSuffix("\n") ? "\n" : "\n\n"
            return "\(document)\(separator)\(begin)\n\(content)\n\(end)\n"
        }
        return document[..<first.upperBound] + "\n" + content + "\n" + document[last.lowerBound...]
    }

    /// Does so to a file, which is made when it is not there.
    static func rewrite(_ path: String, with content: String) throws {
        let url = URL(fileURLWithPath: path)
        let exists = FileManager.default.fileExists(atPath: path)
        let old = exists ? try String(contentsOf: url, encoding: .utf8) : "# Performance\n"
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(replacing(in: old, with: content).utf8).write(to: url, options: .atomic)
    }
}
