/// A running server program and where it listens.
struct ServerProcess: Sendable {
    let child: ChildProcess
    let port: Int
    /// From the call that started it to its first answer, in milliseconds.
    let startMilliseconds: Double

    /// Starts it and waits for its first answer to GET `path`; blocks its thread meanwhile, because nothing else
    /// may run beside a start that is timed. A program that does not answer in 60 s is ended.
    static func start(
        _ arguments: [String], port: Int, path: String, environment: [String: String], output: String
    ) throws -> ServerProcess {
        let start = MonotonicClock.nanoseconds()
        let child = try ChildProcess(arguments, environment: environment, output: output)
        do {
            let answered = try LoopbackSocket.firstAnswer(port: port, path: path, limit: .seconds(60))
            return ServerProcess(child: child, port: port, startMilliseconds: Double(answered - start) / 1e6)
        } catch {
            child.kill()
            throw error
        }
    }

    var figures: ProcessFigures {
        get throws { try ProcessFigures(of: child.id) }
    }
}
