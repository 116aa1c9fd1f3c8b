/// The drawing that stands in for a generated picture: a landscape that prompt and index decide, and the prompt's text over
/// it, so that one sees at a glance which prompt made it.
struct PictureSketch: Sendable {
    let prompt: String
    /// Which of the prompt's landscapes, from 0.
    let index: Int
    /// The picture's own size in pixels.
    let width: Int
    let height: Int
    /// The line that says what this is.
    let note: String

    /// The whole SVG at its own size. The same sketch gives the same text, in any process.
    var svg: String { Self.document(width, height, scenery + caption) }

    /// The landscape alone.
    var landscape: String { Self.document(width, height, scenery) }

    /// The text alone, on nothing.
    var captionLayer: String { Self.document(width, height, caption) }

    private var scenery: String {
        var chance = Chance(prompt, index)
        let hue = chance.between(0, 360)
        return sky(hue, &chance) + sun(hue, &chance) + hills(hue, &chance)
    }

    private static func document(_ width: Int, _ height: Int, _ body: String) -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
        viewBox="0 0 \(width) \(height)">\(body)</svg>
        """
    }

    private var shortSide: Double { Double(min(width, height)) }

    private func sky(_ hue: Double, _ chance: inout Chance) -> String {
        let top = Self.color(hue, 0.55, 0.30)
        let bottom = Self.color(hue + chance.between(30, 80), 0.75, 0.72)
        var stars = ""
        for _ in 0..<24 {
            let (x, y) = (chance.between(0, Double(width)), chance.between(0, Double(height) * 0.5))
            let radius = chance.between(0.001, 0.004) * shortSide
            stars += #"<circle cx="\#(Self.number(x))" cy="\#(Self.number(y))" r="\#(Self.number(radius))"/>"#
        }
        return """
            <defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="\(top)"/>\
            <stop offset="1" stop-color="\(bottom)"/></linearGradient></defs>\
            <rect width="\(width)" height="\(height)" fill="url(#s)"/><g fill="#fff" fill-opacity="0.6">\(stars)</g>
            """
    }

    private func sun(_ hue: Double, _ chance: inout Chance) -> String {
        let x = Self.number(chance.between(0.15, 0.85) * Double(width))
        let y = Self.number(chance.between(0.15, 0.5) * Double(height))
        let radius = chance.between(0.07, 0.16) * shortSide
        let color = Self.color(hue + 150, 0.9, 0.75)
        return [(2.2, 0.12), (1.5, 0.2), (1, 0.95)].map { scale, opacity in
            let r = Self.number(radius * scale)
            return #"<circle cx="\#(x)" cy="\#(y)" r="\#(r)" fill="\#(color)" fill-opacity="\#(opacity)"/>"#
        }.joined()
    }

    private func hills(_ hue: Double, _ chance: inout Chance) -> String {
        (0..<4).map { layer -> String in
            let base = Double(height) * (0.5 + 0.13 * Double(layer))
            let swing = Double(height) * chance.between(0.04, 0.12)
            var path = "M0 \(height)L0 \(Self.number(base))"
            let steps = 5
            for step in 0..<steps {
                let (left, right) = (Double(width * step / steps), Double(width * (step + 1) / steps))
                let third = (right - left) / 3
                let points = [
                    (left + third, base + chance.between(-swing, swing)),
                    (right - third, base + chance.between(-swing, swing)),
                    (right, base + chance.between(-swing, swing) / 2),
                ]
                path += "C" + points.map { "\(Self.number($0.0)) \(Self.number($0.1))" }.joined(separator: " ")
            }
            let color = Self.color(hue + 20 * Double(layer), 0.5, 0.42 - 0.08 * Double(layer))
            return #"<path d="\#(path)L\#(width) \#(height)Z" fill="\#(color)"/>"#
        }.joined()
    }

    /// The prompt on a dark panel, and a line that says what this is.
    private var caption: String {
        let boxWidth = Double(width) * 0.84
        let boxHeight = Double(height) * 0.62
        let layout = TextLayout(
            prompt, width: boxWidth * 0.92, height: boxHeight * 0.9, largest: shortSide * 0.11,
            smallest: shortSide * 0.028)
        let lineHeight = layout.fontSize * TextLayout.lineHeight
        let textHeight = lineHeight * Double(layout.lines.count)
        let panelHeight = textHeight + layout.fontSize
        let (x, y) = ((Double(width) - boxWidth) / 2, (Double(height) - panelHeight) / 2)
        let center = Self.number(Double(width) / 2)
        let first = y + layout.fontSize * 0.5 + lineHeight * 0.78
        let lines = layout.lines.enumerated().map { number, line in
            let baseline = Self.number(first + Double(number) * lineHeight)
            return #"<text x="\#(center)" y="\#(baseline)">\#(Self.escape(line))</text>"#
        }.joined()
        let small = Self.number(shortSide * 0.026)
        // The one Chinese font that is found everywhere has no bold face; a made-up one is hard to read.
        let weight = prompt.contains(where: TextLayout.isWide) ? "normal" : "bold"
        return """
            <rect x="\(Self.number(x))" y="\(Self.number(y))" width="\(Self.number(boxWidth))" \
            height="\(Self.number(panelHeight))" rx="\(Self.number(shortSide * 0.03))" fill="#000" fill-opacity="0.45"/>\
            <g font-family="DejaVu Sans, WenQuanYi Micro Hei, Noto Sans CJK SC, sans-serif" fill="#fff" \
            text-anchor="middle"><g font-weight="\(weight)" font-size="\(Self.number(layout.fontSize))">\(lines)</g>\
            <text x="\(center)" y="\(Self.number(Double(height) - shortSide * 0.035))" font-size="\(small)" \
            fill-opacity="0.85">\(Self.escape(note))</text></g>
            """
    }

    /// Text for XML: markup is escaped, characters that XML 1.0 forbids are left out.
    static func escape(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default:
                switch scalar.value {
                case 0x09, 0x0A, 0x0D: result += " "
                case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: continue
                default: result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }

    /// A number with one decimal.
    private static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        return "\(sign)\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    /// Hue in degrees, saturation and lightness from 0 to 1, as `#rrggbb`.
    private static func color(_ hue: Double, _ saturation: Double, _ lightness: Double) -> String {
        let span = saturation * min(lightness, 1 - lightness)
        let channels = [0.0, 8, 4].map { offset -> Int in
            let position = (offset + hue / 30).truncatingRemainder(dividingBy: 12)
            let value = lightness - span * max(-1, min(position - 3, 9 - position, 1))
            return Int((value * 255).rounded())
        }
        return "#" + channels.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
