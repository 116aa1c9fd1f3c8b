import Testing

@testable import GatewayBench

@Suite struct MarkedSectionTests {
    @Test("only what is between the markers changes")
    func replaced() {
        let old = "before\n\(MarkedSection.begin)\nold\n\(MarkedSection.end)\nafter\n"
        let new = MarkedSection.replacing(in: old, with: "new")
        #expect(new == "before\n\(MarkedSection.begin)\nnew\n\(MarkedSection.end)\nafter\n")
        #expect(MarkedSection.replacing(in: new, with: "new") == new)
    }

    @Test("a document without markers gets them at its end", arguments: ["", "text", "text\n", "text\n\n"])
    func appended(_ old: String) {
        let new = MarkedSection.replacing(in: old, with: "new")
        #expect(new.hasPrefix(old))
        #expect(new.hasSuffix("\(MarkedSection.begin)\nnew\n\(MarkedSection.end)\n"))
    }

    @Test("a bar in a cell does not end it")
    func cells() {
        #expect(ReportRow(what: "a|b", measured: "1").markdown == "| a\\|b |  | 1 |  |  |")
    }
}
