import Foundation
import FoundationXML
import Testing

@testable import SiteSandbox

@Suite("A sketch")
struct PictureSketchTests {
    private func sketch(_ prompt: String, index: Int = 0, width: Int = 2_048, height: Int = 1_152) -> PictureSketch {
        PictureSketch(prompt: prompt, index: index, width: width, height: height, note: "sandbox")
    }

    /// The text elements of a drawing; fails the test when it is not well-formed XML.
    private func texts(_ svg: String) -> [String] {
        let collector = TextCollector()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = collector
        #expect(parser.parse(), "not well-formed")
        return collector.texts
    }

    @Test("is the same for the same prompt and index, and another one for others")
    func repeatable() {
        #expect(sketch("a fox").svg == sketch("a fox").svg)
        #expect(sketch("a fox").svg != sketch("a fox", index: 1).svg)
        #expect(sketch("a fox").svg != sketch("a box").svg)
    }

    @Test(
        "shows the whole prompt",
        arguments: ["a lighthouse at dusk", "黄昏的灯塔，海鸥在飞", "mixed 中文 and English, 2024年", "日本語とひらがな", "한국어"])
    func showsPrompt(prompt: String) {
        let lines = texts(sketch(prompt).svg).dropLast()
        #expect(lines.joined().filter { !$0.isWhitespace } == prompt.filter { !$0.isWhitespace })
    }

    @Test(
        "stays a well-formed drawing under one megabyte whatever the prompt is",
        arguments: [
            "</text><script>alert(1)</script>", "a & b \"c\" 'd' <e>", "\u{0}\u{1}\u{8}\u{1B}[31m\u{FFFE}\u{FFFF}",
            "]]>",
            String(repeating: "x", count: 8_000), String(repeating: "灯塔\n", count: 2_000), "\n\n\n",
            "e\u{301}\u{202E}\u{200D}👩‍👩‍👧‍👦", "",
        ])
    func hostile(prompt: String) {
        for (width, height) in [(2_048, 2_048), (6_197, 2_656), (576, 1_024), (1, 1)] {
            let svg = sketch(prompt, width: width, height: height).svg
            #expect(svg.utf8.count < 1 << 20)
            #expect(!svg.contains("<script"))
            _ = texts(svg)
        }
    }

    @Test("has lines that fit its box, and as large a type as fits")
    func layout() {
        let short = TextLayout("fox", width: 1_000, height: 600, largest: 200, smallest: 20)
        #expect(short.lines == ["fox"])
        #expect(short.fontSize == 200)
        let long = TextLayout(
            String(repeating: "灯塔", count: 150), width: 1_000, height: 600, largest: 200, smallest: 20)
        #expect(long.fontSize < 100)
        #expect(long.lines.allSatisfy { Double($0.count) * long.fontSize <= 1_000 })
        #expect(Double(long.lines.count) * long.fontSize * TextLayout.lineHeight <= 600)
        let endless = TextLayout(
            String(repeating: "灯塔", count: 300), width: 300, height: 100, largest: 200, smallest: 20)
        #expect(endless.lines.last?.hasSuffix("…") == true)
    }

    @Test("breaks English between words and words only when they are longer than a line")
    func breaking() {
        let layout = TextLayout("a lighthouse at dusk", width: 500, height: 1_000, largest: 60, smallest: 60)
        #expect(layout.lines.count > 1)
        #expect(layout.lines.joined(separator: " ").split(separator: " ") == ["a", "lighthouse", "at", "dusk"])
        let word = TextLayout(String(repeating: "m", count: 40), width: 500, height: 1_000, largest: 60, smallest: 60)
        #expect(word.lines.joined().count == 40)
        #expect(word.lines.count > 1)
        let smaller = TextLayout("a lighthouse", width: 500, height: 1_000, largest: 100, smallest: 10)
        #expect(smaller.lines.contains { $0.hasSuffix("lighthouse") })
    }
}

private final class TextCollector: NSObject, XMLParserDelegate {
    var texts: [String] = []
    private var isInText = false

    func parser(
        _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        isInText = element == "text"
        if isInText { texts.append("") }
    }

    func parser(_ parser: XMLParser, didEndElement element: String, namespaceURI: String?, qualifiedName: String?) {
        isInText = false
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        if isInText { texts[texts.count - 1] += text }
    }
}
