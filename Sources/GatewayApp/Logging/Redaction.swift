/// A last net under the logs. Secrets are redacted by their type (``GatewayCore/Secret``); this catches the ones that
/// reached a text in another way, such as a library's error that quotes a header or a proxy URL.
package enum Redaction {
    /// `text` with bearer tokens, session cookies, gateway keys, signatures and passwords in URLs replaced by `****`.
    package static func clean(_ text: String) -> String {
        guard text.utf8.count >= 6, mayHoldSecret(text) else { return text }
        var text = text
        for marker in markers { text = blot(text, after: marker) }
        return blotUserInfo(text)
    }

    /// What stands in front of a secret; the secret ends at a blank, quote, comma, semicolon or ampersand.
    private static let markers = [
        "sessionid=", "sessionid_ss=", "sid_tt=", "sid_guard=", "bearer ", "authorization: ", "sk-jm-",
        "x-signature=", "session_token=", "secret_access_key=", "sessionid\":\"",
    ]

    /// Most log texts are short ids and numbers; only those with one of these bytes or words are looked at closely.
    private static func mayHoldSecret(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            for (index, byte) in bytes.enumerated() {
                switch byte {
                case UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: " "): return true
                case UInt8(ascii: "s"):
                    if bareSecrets.contains(where: { bytes[index...].starts(with: $0) }) { return true }
                default: break
                }
            }
            return false
        }
    }

    /// Words that may stand at a secret without any of those bytes.
    private static let bareSecrets = ["sk-jm-", "sessionid"].map { Array($0.utf8) }

    private static func blot(_ text: String, after marker: String) -> String {
        var result = ""
        var rest = text[...]
        while let found = range(of: marker, in: rest) {
            result += rest[..<found.upperBound]
            result += "****"
            rest = rest[found.upperBound...].drop { !" \t\r\n\"',;&)".contains($0) }
        }
        return result.isEmpty ? text : result + rest
    }

    private static func range(of marker: String, in text: Substring) -> Range<Substring.Index>? {
        let needle = Array(marker.utf8)
        var start = text.utf8.startIndex
        while start < text.utf8.endIndex {
            var index = start
            var matched = 0
            while matched < needle.count, index < text.utf8.endIndex, lowercased(text.utf8[index]) == needle[matched] {
                matched += 1
                index = text.utf8.index(after: index)
            }
            if matched == needle.count { return start..<index }
            start = text.utf8.index(after: start)
        }
        return nil
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte + 0x20 : byte
    }

    /// `scheme://user:password@host` becomes `scheme://****@host`.
    private static func blotUserInfo(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let mark = rest.firstRange(of: "://") {
            result += rest[..<mark.upperBound]
            rest = rest[mark.upperBound...]
            let word = rest.prefix { !" \t\r\n\"'".contains($0) }
            if let at = word.lastIndex(of: "@") {
                result += "****"
                rest = rest[at...]
            }
        }
        return result + rest
    }
}
