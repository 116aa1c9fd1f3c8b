/// Lets through of the site's strings only what cannot carry a secret or a person's words.
enum SafeText {
    /// The text when it is a decimal number of at most 12 digits.
    static func number(_ text: String?) -> String? {
        guard let text else { return nil }
        let digits = text.hasPrefix("-") ? text.dropFirst() : Substring(text)
        guard !digits.isEmpty, digits.utf8.count <= 12, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            return nil
        }
        return text
    }

    /// The text when it is made of at most 128 ASCII letters, digits, `_`, `-` and `.`.
    static func identifier(_ text: String?) -> String? {
        guard let text, !text.isEmpty, text.utf8.count <= 128 else { return nil }
        let safe = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return safe ? text : nil
    }
}
