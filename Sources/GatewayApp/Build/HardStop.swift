import Glibc
import Logging
import UnixSignals

/// Ends the process when a graceful stop is no longer wanted, or does not come to its end.
///
/// Nothing is lost by it: what the site has is on disk and is looked up by the next start. The status is 128 and the
/// signal's number after a second signal (130 for SIGINT, 143 for SIGTERM), 1 when the time is over.
struct HardStop: Sendable {
    let signals: [UnixSignal]
    /// From the first signal on.
    let limit: Duration
    let logger: Logger
    /// Ends the process at once, without running what was registered for its end.
    var exit: @Sendable (Int32) -> Void = { _exit($0) }

    /// Watches until the task is cancelled.
    func run() async {
        guard !signals.isEmpty else { return }
        await withTaskGroup(of: Void.self) { group in
            var isStopping = false
            for await signal in await UnixSignalsSequence(trapping: signals) {
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
