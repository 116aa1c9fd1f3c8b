import GatewayCore
import WireJSON

/// One picture, video or sound as a request names it (endpoints.md section 4.1).
enum MediaReference: Hashable, Sendable {
    /// It came with the request.
    case upload(InputMaterial)
    case url(String)
    /// Base64 text. `isDeclared`: it was said to be data; else it only looks so.
    case data(Substring, isDeclared: Bool)
    /// A result or an input that this gateway keeps; without an ending all are tried.
    case stored(MediaID, fileExtension: String?)

    private static let longestURL = 8192
    private static let shortestData = 64

    /// `index` counts from 1 and names the file in error texts.
    /// - Throws: `invalid_image_reference`, `local_path_forbidden`, `media_not_found`, `DECODE_FAILED`.
    init(_ value: JSONValue, param: String, index: Int) throws(RequestProblem) {
        let invalid = RequestProblem(.invalidImageReference, param: param, values: [.index: "\(index)"])
        switch value {
        case .string(let text): try self.init(text: text, param: param, index: index)
        case .object(let object): try self.init(object, param: param, index: index, invalid: invalid)
        case .null, .bool, .integer, .number, .array: throw invalid
        }
    }

    private init(
        _ object: JSONObject, param: String, index: Int, invalid: RequestProblem
    ) throws(RequestProblem) {
        for name in ["url", "image_url", "video_url", "audio_url", "image"] {
            switch object[name] {
            case .string(let text)?:
                try self.init(text: text, param: param, index: index)
                return
            case .object(let inner)?:
                guard let text = inner["url"]?.string else { throw invalid }
                try self.init(text: text, param: param, index: index)
                return
            case nil, .null?: continue
            case .bool?, .integer?, .number?, .array?: throw invalid
            }
        }
        for name in ["b64_json", "base64", "data"] {
            guard let text = object[name]?.string else { continue }
            if text.prefix(5).lowercased() == "data:" {
                try self.init(text: text, param: param, index: index)
            } else {
                self = .data(text[...], isDeclared: true)
            }
            return
        }
        guard let id = object["file_id"]?.string else { throw invalid }
        guard let stored = Self.stored(id) else { throw RequestProblem(.mediaNotFound, param: param) }
        self = stored
    }

    /// In the documented order of recognition.
    private init(text original: String, param: String, index: Int) throws(RequestProblem) {
        let text = original.trimmingBlanks()
        let start = text.prefix(8).lowercased()
        if start.hasPrefix("data:") {
            guard let data = Self.data(ofURL: text) else {
                throw RequestProblem(.decodeFailed, param: param, values: [.index: "\(index)"])
            }
            self = .data(data, isDeclared: true)
        } else if start.hasPrefix("http://") || start.hasPrefix("https://") {
            guard text.utf8.count <= Self.longestURL else {
                throw RequestProblem(.urlNotAllowed, param: param, values: [.index: "\(index)"])
            }
            self = .url(text)
        } else if let stored = Self.stored(text) {
            self = stored
        } else if Self.looksLikePath(text) {
            throw RequestProblem(.localPathForbidden, param: param)
        } else if text.utf8.count >= Self.shortestData, Base64Body.isPlausible(text[...]) {
            self = .data(text[...], isDeclared: false)
        } else {
            throw RequestProblem(.invalidImageReference, param: param, values: [.index: "\(index)"])
        }
    }

    /// What follows the comma; nil unless it is base64.
    private static func data(ofURL text: String) -> Substring? {
        guard let comma = text.utf8.prefix(1024).firstIndex(of: UInt8(ascii: ",")) else { return nil }
        guard text[..<comma].lowercased().hasSuffix(";base64") else { return nil }
        return text[text.utf8.index(after: comma)...]
    }

    /// `media_...` or `file-media_...`, with or without an ending.
    private static func stored(_ text: String) -> MediaReference? {
        let name = text.hasPrefix("file-media_") ? text.dropFirst("file-".count) : text[...]
        guard name.hasPrefix("media_"), name.utf8.count <= 64 else { return nil }
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let id = MediaID(rawValue: String(parts[0]))
        guard id.isWellFormed else { return nil }
        guard parts.count == 2 else { return .stored(id, fileExtension: nil) }
        guard isFileExtension(parts[1]) else { return nil }
        return .stored(id, fileExtension: String(parts[1]))
    }

    static func isFileExtension(_ text: Substring) -> Bool {
        (1...5).contains(text.utf8.count)
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
    }

    /// Data may begin with a slash; a long text without anything else in it is no path.
    private static func looksLikePath(_ text: String) -> Bool {
        let start = text.prefix(8).lowercased()
        let isPath =
            ["/", "./", "../", "~", "file:", "\\", ".\\", "..\\"].contains(where: start.hasPrefix)
            || start.prefixMatch(of: /[a-z]:[\\\/]/) != nil
        guard isPath else { return false }
        return text.utf8.count <= 255 || !Base64Body.isPlausible(text[...])
    }
}
