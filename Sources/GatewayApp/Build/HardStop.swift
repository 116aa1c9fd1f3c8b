import Glibc
import Logging
import UnixSignals

/// Ends the process when a graceful stop is no longer wanted, or does not come to its end.
///
/// Nothing is lost by it: what the site has is on disk and is looked up by the next start. The status is 128 and the
/// signal's number after a second signal (130 for SIGINT, 143 for SIGTERM), 1 when the time is over.
struct HardStop: Sendable {
    private let signals: UnixSignalsSequence?
    /// From the first signal on.
    private let limit: Duration
    private let logger: Logger
    /// Ends the process at once, without running what was registered for its end.
    private let exit: @Sendable (Int32) -> Void

    /// The signals are caught from here on, so that none falls between this and `run()`.
    init(
        signals: [UnixSignal], limit: Duration, logger: Logger,
        exit: @escaping @Sendable (Int32) -> Void = { _exit($0) }
    ) async {
        self.signals = signals.isEmpty ? nil : await UnixSignalsSequence(trapping: signals)
        self.limit = limit
        self.logger = logger
        self.exit = exit
    }

    /// Watches until the task is cancelled.
    func run() async {
        guard let signals else { return }
        await withTaskGroup(of: Void.self) { group in
            var isStopping = false
            for await signal in signals {
                if isStopping {
                    logger.warning("second signal: ended at once", metadata: ["signal": "\(signal)"])
                    exit(128 + signal.rawValue)
                } else {
                    isStopping = true
                    logger.notice("stopping", metadata: ["signal": "\(signal)"])
                    group.addTask {
                        guard (try? await Task.sleep(for: limit)) != nil else { return }
                        logger.error("not stopped in time: ended now")
                        exit(1)
                    }
                }
            }
            group.cancelAll()
        }
    }
}
