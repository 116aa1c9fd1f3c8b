import Testing

@testable import MediaS3

@Suite struct S3DocumentTests {
    @Test func `elements are found in order, their entities resolved`() {
        let document = S3Document(
            Array(
                """
                <?xml version="1.0"?><List xmlns="http://s3.amazonaws.com/doc/"><Key>a&amp;b&lt;&#x43;&#68;</Key>
                <Contents><Key>one</Key></Contents><Contents><Key>&quot;two&apos;</Key></Contents></List>
                """.utf8))
        #expect(document.first("Key") == "a&b<CD")
        #expect(document.elements("Contents").map { $0.first("Key") } == ["one", "\"two'"])
        #expect(document.has("List") && document.has("Contents"))
        #expect(!document.has("Error") && document.first("Error") == nil)
    }

    @Test(arguments: ["<Key>", "</Key>", "<Key", "<Key>a<Key>", "", "\u{0}"])
    func `what is no whole element is none`(_ text: String) {
        #expect(S3Document(Array(text.utf8)).elements("Key").isEmpty)
    }

    @Test(arguments: [("&", "&"), ("&;", "&;"), ("&amp", "&amp"), ("&x;y", "&x;y"), ("&#x110000;", "&#x110000;")])
    func `what is no entity stays`(text: String, result: String) {
        #expect(S3Document(Array("<K>\(text)</K>".utf8)).first("K") == result)
    }

    @Test func `a word that S3 would not use does not reach the logs`() {
        #expect(S3Problem(.refused(status: 403), code: "SignatureDoesNotMatch").description.contains("DoesNotMatch"))
        #expect(!S3Problem(.refused(status: 403), code: "look:\nhere").description.contains("look"))
    }
}
