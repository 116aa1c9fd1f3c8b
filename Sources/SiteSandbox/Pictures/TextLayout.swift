/// Sets a text into a box: chooses the size, breaks lines (between words, and anywhere in Chinese), and cuts what does not
/// fit. Widths are estimates for a bold sans-serif font, on the safe side.
struct TextLayout: Sendable, Hashable {
    let lines: [String]
    /// In pixels.
    let fontSize: Double

    static let lineHeight = 1.3
    /// Characters that are looked at.
    static let characterLimit = 600

    init(_ text: String, width: Double, height: Double, largest: Double, smallest: Double) {
        let text = String(text.prefix(Self.characterLimit))
        // Rather a smaller type than a broken word, within reason.
        let longestWord = Self.pieces(of: Substring(text)).map { $0.reduce(0) { $0 + Self.width(of: $1) } }.max() ?? 0
        var size = min(largest, max(largest / 4, smallest, width / max(longestWord, 1)))
        while true {
            let lines = Self.wrap(text, width: width / size)
            let room = max(1, Int(height / (size * Self.lineHeight)))
            if lines.count <= room || size <= smallest {
                self.lines = Self.cut(lines, to: room)
                fontSize = size
                return
            }
            size = max(smallest, size * 0.9)
        }
    }

    private static func cut(_ lines: [String], to room: Int) -> [String] {
        guard lines.count > room else { return lines }
        return lines.prefix(room - 1) + [String(lines[room - 1].dropLast(2)) + "…"]
    }

    /// Lines no wider than `width`, in units of the font size.
    private static func wrap(_ text: String, width: Double) -> [String] {
        var lines: [String] = []
        var line = ""
        var lineWidth = 0.0
        func end() {
            lines.append(line)
            (line, lineWidth) = ("", 0)
        }
        for paragraph in text.split(whereSeparator: \.isNewline) {
            for piece in pieces(of: paragraph) {
                let pieceWidth = piece.reduce(0) { $0 + Self.width(of: $1) }
                if lineWidth + pieceWidth > width, !line.isEmpty { end() }
                if line.isEmpty, piece.allSatisfy(\.isWhitespace) { continue }
                if pieceWidth <= width {
                    line += piece
                    lineWidth += pieceWidth
                    continue
                }
                // A word longer than a line is broken where it must be.
                for character in piece {
                    if lineWidth + Self.width(of: character) > width, !line.isEmpty { end() }
                    line.append(character)
                    lineWidth += Self.width(of: character)
                }
            }
            if !line.isEmpty { end() }
        }
        return lines.isEmpty ? [""] : lines
    }

    /// Words, single spaces and single wide characters.
    private static func pieces(of paragraph: Substring) -> [String] {
        var pieces: [String] = []
        var word = ""
        for character in paragraph {
            if character.isWhitespace || isWide(character) {
                if !word.isEmpty { pieces.append(word) }
                word = ""
                pieces.append(character.isWhitespace ? " " : String(character))
            } else {
                word.append(character)
            }
        }
        if !word.isEmpty { pieces.append(word) }
        return pieces
    }

    private static func width(of character: Character) -> Double {
        if isWide(character) { return 1 }
        switch character {
        case "i", "j", "l", "I", ".", ",", ":", ";", "!", "'", "|", " ": return 0.4
        case "m", "w", "M", "W", "@", "%": return 1.1
        default: return character.isUppercase ? 0.82 : 0.7
        }
    }

    static func isWide(_ character: Character) -> Bool {
        guard let value = character.unicodeScalars.first?.value else { return false }
        switch value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return true
        default: return false
        }
    }
}
