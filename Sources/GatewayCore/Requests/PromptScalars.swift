/// A prompt as scalars, with full-width digits and colons read as their ASCII forms. Every look is safe outside the
/// text, where there is nothing.
struct PromptScalars {
    struct DigitRun {
        /// As many digits as stand together.
        var range: Range<Int>
        /// nil when there are too many to be meant as a count.
        var value: Int?
    }

    private static let longestRun = 4

    private let scalars: [UInt32]

    init(_ text: String) {
        scalars = text.unicodeScalars.map { scalar in
            switch scalar.value {
            case 0xFF10...0xFF19: scalar.value - 0xFF10 + 0x30
            case 0xFF1A: 0x3A
            default: scalar.value
            }
        }
    }

    var digitRuns: [DigitRun] {
        var runs: [DigitRun] = []
        var index = 0
        while index < scalars.count {
            guard isDigit(at: index) else {
                index += 1
                continue
            }
            let start = index
            var value = 0
            while isDigit(at: index) {
                if index - start < Self.longestRun { value = value * 10 + Int(scalars[index] - 0x30) }
                index += 1
            }
            runs.append(DigitRun(range: start..<index, value: index - start <= Self.longestRun ? value : nil))
        }
        return runs
    }

    func isDigit(at index: Int) -> Bool { self[index].map { (0x30...0x39).contains($0) } ?? false }

    func isColon(at index: Int) -> Bool { self[index] == 0x3A }

    func isDotOrLatinLetter(at index: Int) -> Bool {
        guard let value = self[index] else { return false }
        return value == 0x2E || value == 0xFF0E || isLatinLetter(value)
    }

    /// The first place from here on that holds no blank.
    func skippingBlanks(from index: Int) -> Int {
        var index = index
        while let value = self[index], value == 0x20 || value == 0x09 || value == 0xA0 || value == 0x3000 { index += 1 }
        return index
    }

    /// `秒`, or an English unit that does not go on as another word.
    func isUnitOfSeconds(at index: Int) -> Bool {
        if self[index] == 0x79D2 { return true }
        var word = ""
        var place = index
        while let value = self[place], isLatinLetter(value), word.count <= 7, let scalar = Unicode.Scalar(value) {
            word.unicodeScalars.append(scalar)
            place += 1
        }
        return ["s", "sec", "secs", "second", "seconds"].contains(word.lowercased())
    }

    func holds(_ value: UInt32, at index: Int) -> Bool { self[index] == value }

    private func isLatinLetter(_ value: UInt32) -> Bool {
        value < 0x250 && Unicode.Scalar(value)?.properties.isAlphabetic == true
    }

    private subscript(index: Int) -> UInt32? {
        scalars.indices.contains(index) ? scalars[index] : nil
    }
}
