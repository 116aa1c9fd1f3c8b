import Glibc

/// Whole small files, also those of /proc, which have no size.
enum SmallFile {
    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while text.count < 4 << 20 {
            let count = Glibc.read(descriptor, &part, part.count)
            guard count > 0 else { break }
            text.append(contentsOf: part[..<count])
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func write(_ text: String, to path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var text = text
        return text.withUTF8 { Glibc.write(descriptor, $0.baseAddress, $0.count) == $0.count }
    }
}
