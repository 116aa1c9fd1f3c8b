import Glibc
import Subprocess

/// The environment of child processes: what they need to find programs, libraries and fonts, and none of the server's
/// settings and secrets.
enum ChildEnvironment {
    static var minimal: Environment {
        var values: [Environment.Key: String] = ["SWIFT_BACKTRACE": "enable=no", "G_MESSAGES_DEBUG": ""]
        for key in ["PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "XDG_CACHE_HOME", "FONTCONFIG_PATH", "TMPDIR"]
        {
            guard let value = getenv(key).map({ String(cString: $0) }), let key = Environment.Key(rawValue: key) else {
                continue
            }
            values[key] = value
        }
        return .custom(values)
    }
}
