import Crypto
import SiteWire

/// The links to pictures: signed, with an end, and worthless when a single byte of them is changed (protocol page
/// `polling.md`, section 9). The path tells which job and which picture, so that nothing has to be remembered.
struct MediaLinks: Sendable {
    /// What a URI or a video id stands for.
    struct Place: Sendable, Hashable {
        enum Kind: UInt64, Sendable {
            /// A picture that a job made.
            case picture
            /// A picture that somebody has sent up.
            case upload
            /// A video that a job made.
            case film
            /// A video or a sound that somebody has sent up.
            case clip
        }

        var kind = Kind.picture
        /// Of the job or of the upload.
        var number: Int
        /// Which result of the job; 0 for uploads.
        var index = 0
    }

    /// What a link that was checked asks for.
    struct Target: Sendable, Hashable {
        var place: Place
        /// The longest side in pixels; 0 for the picture's own size.
        var side: Int
    }

    enum Failure: Error, Sendable {
        /// No path of ours.
        case unknown
        /// Altered, or signed by somebody else.
        case forged
        case expired
    }

    static let prefix = "/media/"
    private static let folder = "tos-cn-i-tb4s082cfz/"
    private static let folderAbroad = "tos-alisg-i-wopfjsm1ax-sg/"
    private static let clipFolder = "tos-cn-v-sandbox/"
    private static let vidPrefix = "v0280"
    private static let template = "~tplv-tb4s082cfz-aigc_resize:"
    /// How long a link to a picture of its own size lives, and one to a smaller one, in seconds.
    private static let (life, coverLife): (Int64, Int64) = (24 * 86_400, 5_000)

    private static let filmLife: Int64 = 7 * 86_400

    private let key: SymmetricKey
    /// `http://host:port` as the client knows it.
    let base: String
    /// Seconds since 1970.
    let unixSeconds: Int64
    /// Whether links to results have ended a minute ago when they are made; those to covers live.
    var areEnded = false

    init(seed: UInt64, base: String, unixSeconds: Int64) {
        key = SymmetricKey(data: SHA256.hash(data: Array("sandbox media \(seed)".utf8)))
        self.base = base
        self.unixSeconds = unixSeconds
    }

    /// `image_uri` of a result: 12 digits of job and index, and 20 that only this sandbox can make for them.
    func uri(job: Int, index: Int) -> String {
        Self.folder + name(Place(number: job, index: index), length: 32)
    }

    /// The URI of a picture that is sent up.
    func uri(upload: Int, region: SiteRegion) -> String {
        (region.isInternational ? Self.folderAbroad : Self.folder)
            + name(Place(kind: .upload, number: upload), length: 32)
    }

    /// The URI of a video or sound that is sent up.
    func uri(clip: Int) -> String {
        Self.clipFolder + name(Place(kind: .clip, number: clip), length: 32)
    }

    /// The video id of a result or of an upload: 32 characters.
    func vid(_ place: Place) -> String { Self.vidPrefix + name(place, length: 27) }

    func place(uri: String) -> Place? {
        for folder in [Self.folder, Self.folderAbroad, Self.clipFolder] where uri.hasPrefix(folder) {
            return place(name: uri.dropFirst(folder.count), length: 32)
        }
        return nil
    }

    func place(vid: String) -> Place? {
        vid.hasPrefix(Self.vidPrefix) ? place(name: vid.dropFirst(Self.vidPrefix.count), length: 27) : nil
    }

    /// 12 digits and their proof.
    private func name(_ place: Place, length: Int) -> String {
        let number = place.kind.rawValue << 44 | UInt64(place.number) << 8 | UInt64(place.index & 0xFF)
        let digits = Self.hexadecimal(number, digits: 12)
        return digits + proof(digits).prefix(length - 12)
    }

    private func place(name: Substring, length: Int) -> Place? {
        guard name.utf8.count == length, name.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        let digits = String(name.prefix(12))
        guard proof(digits).prefix(length - 12) == name.dropFirst(12), let value = UInt64(digits, radix: 16),
            let kind = Place.Kind(rawValue: value >> 44)
        else { return nil }
        return Place(kind: kind, number: Int(value >> 8 & 0xF_FFFF_FFFF), index: Int(value & 0xFF))
    }

    /// A link to the picture with its longest side at most `side` pixels; 0 keeps its own size.
    func url(uri: String, side: Int) -> String {
        let expires = side == 0 ? end(after: Self.life) : unixSeconds + Self.coverLife
        return base + target(path: Self.prefix + uri + "\(Self.template)\(side):\(side).webp", expires: expires)
    }

    private func end(after life: Int64) -> Int64 { unixSeconds + (areEnded ? -60 : life) }

    /// Path and query with their signature.
    private func target(path: String, expires: Int64) -> String {
        let signed = "\(path)?lk3s=43402efa&x-expires=\(expires)"
        let code = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: key)
        // As the real ones, base64 with its special characters escaped; hexadecimal digits need none, but for the end.
        return "\(signed)&x-signature=\(Self.hexadecimal(Array(code.prefix(16))))%3D&format=.webp"
    }

    /// A link to a video, in the form the real ones have: behind 32 digits of proof stands the end, in hexadecimal digits.
    func filmURL(vid: String, isHighQuality: Bool) -> String {
        base + filmTarget(vid: vid, isHighQuality: isHighQuality, expires: end(after: Self.filmLife))
    }

    private func filmTarget(vid: String, isHighQuality: Bool, expires: Int64) -> String {
        let rest = "\(String(expires, radix: 16))/video/tos/cn/\(vid)/?a=4066&br=\(isHighQuality ? 6297 : 1152)"
        return "/\(secret("film " + rest).prefix(32))/\(rest)"
    }

    /// Checks the request target of a video, which must be byte for byte what was handed out.
    func open(filmTarget target: String) throws(Failure) -> (place: Place, isHighQuality: Bool) {
        let parts = target.split(separator: "/", omittingEmptySubsequences: false)
        guard target.utf8.count <= 256, parts.count == 8, let expires = Int64(parts[2], radix: 16),
            let place = place(vid: String(parts[6])), place.kind == .film || place.kind == .clip
        else { throw .unknown }
        let vid = String(parts[6])
        let isHigh = target == filmTarget(vid: vid, isHighQuality: true, expires: expires)
        guard isHigh || target == filmTarget(vid: vid, isHighQuality: false, expires: expires) else { throw .forged }
        guard expires > unixSeconds else { throw .expired }
        return (place, isHigh)
    }

    /// Checks the request target of a download, which must be byte for byte what was handed out.
    func open(target: String) throws(Failure) -> Target {
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, halves[0].hasPrefix(Self.prefix) else { throw .unknown }
        let path = String(halves[0])
        let pieces = path.dropFirst(Self.prefix.count).split(separator: "~", maxSplits: 1)
        guard pieces.count == 2, let place = place(uri: String(pieces[0])) else { throw .unknown }
        let sides = ("~" + pieces[1]).dropFirst(Self.template.count).prefix { $0 != "." }.split(separator: ":")
        guard sides.count == 2, sides[0] == sides[1], let side = Int(sides[0]), (0...8_192).contains(side) else {
            throw .unknown
        }
        let marker = "x-expires="
        guard let field = halves[1].split(separator: "&").first(where: { $0.hasPrefix(marker) }),
            let expires = Int64(field.dropFirst(marker.count)), self.target(path: path, expires: expires) == target
        else { throw .forged }
        guard expires > unixSeconds else { throw .expired }
        return Target(place: place, side: side)
    }

    private func proof(_ number: String) -> String { String(secret("name " + number).prefix(20)) }

    /// 64 hexadecimal digits that only this sandbox can make for a text, and always the same ones.
    func secret(_ text: String) -> String {
        Self.hexadecimal(Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)))
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { hexadecimal(UInt64($0), digits: 2) }.joined()
    }

    private static func hexadecimal(_ number: UInt64, digits: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
