import WireJSON

/// Looks for a video's URL in an answer that names it nowhere expected (protocol page `polling.md`, section 7).
enum VideoLinkSearch {
    private static let start = Array("https://v".utf8)
    private static let longest = 8_192

    /// The first URL of the best kind: the high-quality hosts, then other hosts of the site, then those of previews.
    static func best(in root: JSONValue) -> String? {
        var best: (rank: Int, url: String)?
        JSONWalk.visit(root) { _, value in
            guard best?.rank != 0, case .string(let text) = value else { return }
            for (rank, url) in links(in: Array(text.utf8)) where rank < best?.rank ?? .max { best = (rank, url) }
        }
        return best?.url
    }

    /// Every URL of a known kind, with its rank.
    private static func links(in text: [UInt8]) -> [(rank: Int, url: String)] {
        var found: [(rank: Int, url: String)] = []
        var position = 0
        while text.count - position > start.count {
            guard text[position] == start[0], text[position...].starts(with: start) else {
                position += 1
                continue
            }
            let url = link(in: text[position...])
            position += start.count
            if let url, let rank = rank(ofHost: url) { found.append((rank, url)) }
        }
        return found
    }

    /// The URL at the beginning of `text`, up to a quote, a blank or a backslash; an ampersand escaped by an inner JSON
    /// text is resolved.
    private static func link(in text: ArraySlice<UInt8>) -> String? {
        let ampersand = Array("\\u0026".utf8)
        var url: [UInt8] = []
        var rest = text
        while let byte = rest.first, url.count <= longest {
            if byte == UInt8(ascii: "\\"), rest.starts(with: ampersand) {
                url.append(UInt8(ascii: "&"))
                rest = rest.dropFirst(ampersand.count)
                continue
            }
            guard byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "'"),
                byte != UInt8(ascii: "\\")
            else { break }
            url.append(byte)
            rest = rest.dropFirst()
        }
        return url.count <= longest ? String(decoding: url, as: UTF8.self) : nil
    }

    /// 0 for `v<digits>-dreamnia.jimeng.com`, 1 for `v<digits>-*.jimeng.com`, 2 for `v<digits>-*.vlabvod.com`.
    private static func rank(ofHost url: String) -> Int? {
        let afterScheme = url.dropFirst(start.count)
        let host = afterScheme.prefix { $0 != "/" }
        guard afterScheme.count > host.count else { return nil }
        let digits = host.prefix { $0.isASCII && $0.isNumber }
        let name = host.dropFirst(digits.count)
        let isPlain = name.utf8.allSatisfy { byte in
            (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        }
        guard !digits.isEmpty, name.first == "-", isPlain else { return nil }
        if name == "-dreamnia.jimeng.com" { return 0 }
        if name.hasSuffix(".jimeng.com") { return 1 }
        return name.hasSuffix(".vlabvod.com") ? 2 : nil
    }
}
