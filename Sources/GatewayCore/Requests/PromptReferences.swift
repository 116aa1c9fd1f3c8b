/// Cuts a prompt at the places where it calls a material by `@` and a name (endpoints.md section 11.2).
///
/// Pure; linear in the length of the prompt for a bounded number of names.
struct PromptReferences {
    var pieces: [PromptPiece]
    /// Indexes of materials that the prompt does not call although it calls others.
    var unreferenced: [Int]

    /// Without any reference all materials come before the text, in their order; otherwise those not called follow it.
    init(_ prompt: String, _ entries: [OmniMaterials.Entry]) {
        let names = Names(entries)
        let scalars = Array(prompt.unicodeScalars)
        var pieces: [PromptPiece] = []
        var text = String.UnicodeScalarView()
        var called = Set<Int>()
        var offset = 0
        while offset < scalars.count {
            if scalars[offset] == "@", let match = names.match(in: scalars, at: offset + 1) {
                if !text.isEmpty { pieces.append(.text(String(text))) }
                text = String.UnicodeScalarView()
                pieces.append(.material(match.index))
                called.insert(match.index)
                offset += 1 + match.length
            } else {
                text.append(scalars[offset])
                offset += 1
            }
        }
        if !text.isEmpty { pieces.append(.text(String(text))) }
        let rest = entries.indices.filter { !called.contains($0) }
        if called.isEmpty {
            self.pieces = rest.map { .material($0) } + pieces
            unreferenced = []
        } else {
            self.pieces = pieces + rest.map { .material($0) }
            unreferenced = rest
        }
    }
}

/// All names of all materials, the longest first.
private struct Names {
    private struct Name {
        /// Folded.
        var scalars: [Unicode.Scalar]
        var index: Int
    }

    private let names: [Name]

    private static let shortForms: [MaterialKind: [String]] = [
        .image: ["图片", "图", "image"], .video: ["视频", "video"], .audio: ["音频", "audio"],
    ]

    init(_ entries: [OmniMaterials.Entry]) {
        var known: [[Unicode.Scalar]: Int] = [:]
        func add(_ name: String, _ index: Int) {
            let scalars = name.unicodeScalars.prefix(256).map(Self.folded)
            if !scalars.isEmpty, known[scalars] == nil { known[scalars] = index }
        }
        for (index, entry) in entries.enumerated() { add(entry.slotName, index) }
        // A field that holds several files names none of them.
        let fields = entries.flatMap(\.names).reduce(into: [:]) { $0[$1, default: 0] += 1 }
        for (index, entry) in entries.enumerated() {
            for name in entry.names where fields[name] == 1 { add(name, index) }
        }
        var ordinals: [MaterialKind: Int] = [:]
        for (index, entry) in entries.enumerated() {
            let kind = entry.material.kind
            ordinals[kind, default: 0] += 1
            for form in Self.shortForms[kind] ?? [] { add("\(form)\(ordinals[kind] ?? 0)", index) }
            add("\(index + 1)", index)
        }
        names = known.map { Name(scalars: $0.key, index: $0.value) }.sorted { $0.scalars.count > $1.scalars.count }
    }

    func match(in text: [Unicode.Scalar], at start: Int) -> (index: Int, length: Int)? {
        for name in names where start + name.scalars.count <= text.count {
            let end = start + name.scalars.count
            guard zip(name.scalars, text[start..<end]).allSatisfy({ $0 == Self.folded($1) }) else { continue }
            // A name that ends in a figure is not the beginning of a longer number.
            if let last = name.scalars.last, Self.isDigit(last), end < text.count, Self.isDigit(text[end]) { continue }
            return (name.index, name.scalars.count)
        }
        return nil
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// ASCII letters in lower case.
    private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar
    }
}
