import Foundation
import GatewayCore
import MediaS3

extension AppConfiguration {
    /// Whether results lie in the data folder or in an S3-compatible bucket, and in which.
    mutating func readBucket(_ settings: inout SettingsReader, environment: [String: String]) {
        // All of them are asked for in any case, so that none is taken for a mistake.
        let isWanted = settings.choice("media.store", [("folder", false), ("s3", true)]) ?? false
        let region = settings.string("media.s3.region") ?? "us-east-1"
        let endpoint = settings.string("media.s3.endpoint")
        let isPathStyle = settings.flag("media.s3.path_style") ?? (endpoint != nil)
        let (prefix, bucket) = (settings.string("media.s3.prefix"), settings.string("media.s3.bucket"))
        let given = GivenKeys(&settings)
        guard isWanted else { return }
        let keys = given.keys(&settings, environment)
        let folder = Self.folder(prefix, &settings)
        guard let bucket else { return settings.report("media.s3.bucket must be given with media.store s3") }
        if !Self.isWord(region) { settings.report("media.s3.region must be a name such as eu-central-1") }
        guard
            let address = S3Address(
                endpoint: endpoint ?? "https://s3.\(region).amazonaws.com", bucket: bucket, isPathStyle: isPathStyle)
        else {
            return settings.report(
                "media.s3.endpoint must be http(s)://host[:port][/path], and media.s3.bucket the name of a bucket "
                    + "(3 to 63 small letters, digits, hyphens, dots)")
        }
        guard let keys else { return }
        var configuration = MediaBucket.Configuration(address: address, bucket: bucket, region: region, keys: keys)
        configuration.prefix = folder
        mediaLocation = .bucket(configuration)
    }

    /// Empty, or with a slash at its end.
    private static func folder(_ text: String?, _ settings: inout SettingsReader) -> String {
        guard let text else { return "" }
        let parts = text.split(separator: "/")
        guard parts.allSatisfy({ $0 != "." && $0 != ".." && isWord($0) }), text.utf8.count <= 200 else {
            settings.report("media.s3.prefix must be letters, digits, hyphens, dots and underscores between slashes")
            return ""
        }
        return parts.map { $0 + "/" }.joined()
    }

    private static func isWord(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
                    || [0x2D, 0x2E, 0x5F].contains($0)
            }
    }
}

/// What the settings say of the keys to a bucket.
private struct GivenKeys {
    let identity: String?
    let secret: Secret?
    let file: String?
    let token: Secret?

    init(_ settings: inout SettingsReader) {
        identity = settings.string("media.s3.access_key_id")
        secret = settings.string("media.s3.secret_access_key", isSecret: true).map { Secret($0) }
        file = settings.string("media.s3.secret_access_key_file")
        token = settings.string("media.s3.session_token", isSecret: true).map { Secret($0) }
    }

    /// From the settings, else from the variables that other programs read. Nil when something was reported.
    func keys(_ settings: inout SettingsReader, _ environment: [String: String]) -> S3Keys? {
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let fromFile = file.flatMap { Self.firstLine(of: $0) }
        if let file, fromFile == nil {
            settings.report("media.s3.secret_access_key_file: \(file) can't be read, or holds no key")
            return nil
        }
        let secret = secret ?? fromFile ?? variable("AWS_SECRET_ACCESS_KEY").map { Secret($0) }
        // A token belongs to the keys that it came with.
        let token = token ?? (identity == nil ? variable("AWS_SESSION_TOKEN").map { Secret($0) } : nil)
        guard let identity = identity ?? variable("AWS_ACCESS_KEY_ID"), let secret else {
            settings.report(
                "media.s3.access_key_id and media.s3.secret_access_key (or its _file) must be given with media.store s3"
            )
            return nil
        }
        let isPlain = [identity, secret.reveal(), token?.reveal() ?? ""].allSatisfy { text in
            text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        }
        guard isPlain, !identity.contains("/"), !identity.contains(",") else {
            settings.report("media.s3: the keys must be of plain characters, without blanks")
            return nil
        }
        return S3Keys(accessKeyID: identity, secretAccessKey: secret, sessionToken: token)
    }

    /// Of a small file; nil when there is none.
    private static func firstLine(of path: String) -> Secret? {
        guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.read(upToCount: 4096) else {
            return nil
        }
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).first.map { Secret(String($0)) }
    }
}
