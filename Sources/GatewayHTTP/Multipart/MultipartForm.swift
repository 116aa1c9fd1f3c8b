/// A form that was read: its parts in order, files as whatever took them in.
struct MultipartForm<File: Sendable>: Sendable {
    enum Value: Sendable {
        case text(String)
        case file(File)
    }

    struct Entry: Sendable {
        var name: String
        var value: Value
    }

    /// Names may repeat.
    var entries: [Entry] = []

    /// The text fields in order.
    var fields: [(name: String, text: String)] {
        entries.compactMap { entry in
            guard case .text(let text) = entry.value else { return nil }
            return (entry.name, text)
        }
    }

    /// The files in order, with the names of their fields.
    var files: [(name: String, file: File)] {
        entries.compactMap { entry in
            guard case .file(let file) = entry.value else { return nil }
            return (entry.name, file)
        }
    }
}
