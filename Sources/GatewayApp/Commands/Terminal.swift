import Foundation
import Synchronization

/// What commands say to people, on the standard error stream; results go to standard output or to files.
enum Terminal {
    static var isInteractive: Bool { isatty(2) == 1 }

    static func complain(_ text: String) {
        write(text + "\n", to: 2)
    }

    static func say(_ text: String) {
        write(text + "\n", to: 1)
    }

    static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// Progress of one generation: a bar that is redrawn on a terminal, a line per change elsewhere.
struct ProgressDisplay {
    private var last = ""
    private let isInteractive: Bool

    init(isInteractive: Bool = Terminal.isInteractive) {
        self.isInteractive = isInteractive
    }

    struct State: Equatable {
        var status: String
        var percent: Int
        var queuePosition: Int?
        var queueTotal: Int?
        var etaSeconds: Int?
    }

    static func bar(_ state: State, width: Int = 24) -> String {
        let filled = min(width, max(0, state.percent * width / 100))
        return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled) + "] "
            + "\(state.percent) %  " + words(state)
    }

    static func words(_ state: State) -> String {
        var words = state.status
        if let position = state.queuePosition {
            words += ", place \(position)" + (state.queueTotal.map { " of \($0)" } ?? "") + " in the queue"
        }
        if let eta = state.etaSeconds, eta > 0 { words += ", about \(eta) s left" }
        return words
    }

    mutating func show(_ state: State) {
        let text = isInteractive ? Self.bar(state) : "\(Self.words(state)), \(state.percent) %"
        guard text != last else { return }
        last = text
        Terminal.write(isInteractive ? "\r\u{1B}[2K\(text)" : text + "\n", to: 2)
    }

    mutating func clear() {
        if isInteractive, !last.isEmpty { Terminal.write("\r\u{1B}[2K", to: 2) }
        last = ""
    }
}
