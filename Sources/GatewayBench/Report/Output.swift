import Foundation

/// Lines on standard output, each at once, so that a long run shows what it has.
enum Output {
    static func write(_ line: String) {
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }
}
