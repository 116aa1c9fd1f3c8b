import Glibc

/// A program started by this one. Whoever starts it stops it.
///
/// Started by `posix_spawn` directly, because the start itself is one of the things that are measured.
final class ChildProcess: Sendable {
    let id: pid_t

    /// Starts `arguments[0]` with exactly `environment`; its output goes to the file `output`.
    init(_ arguments: [String], environment: [String: String], output: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var argv = arguments.map { strdup($0) } + [nil]
        var envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var id: pid_t = 0
        let status = posix_spawn(&id, arguments[0], &actions, nil, &argv, &envp)
        guard status == 0 else { throw BenchProblem("\(arguments[0]) can't be started (error \(status))") }
        self.id = id
    }

    /// Ends it by SIGTERM, and by SIGKILL when it has not ended after `grace`.
    func stop(grace: Duration = .seconds(5)) async {
        Glibc.kill(id, SIGTERM)
        let end = ContinuousClock.now + grace
        while ContinuousClock.now < end {
            if isReaped() { return }
            try? await Task.sleep(for: .milliseconds(5))  // A cancelled wait goes straight to the kill.
        }
        kill()
    }

    /// Ends it by SIGKILL; when this returns it is gone.
    func kill() {
        Glibc.kill(id, SIGKILL)
        var status: Int32 = 0
        waitpid(id, &status, 0)
    }

    private func isReaped() -> Bool {
        var status: Int32 = 0
        return waitpid(id, &status, WNOHANG) != 0
    }
}
