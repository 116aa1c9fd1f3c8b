import WireJSON

/// What reading the two live catalogues has in common.
enum LiveCatalogueReading {
    /// At most this many models of one catalogue are kept.
    static let mostModels = 200
    /// At most this many entries of any list inside a model are looked at.
    static let mostEntries = 256

    /// The objects that describe models: those of `model_list`, else any object in the answer with a model key. One per
    /// key, the first.
    static func entries(in data: JSONValue) -> [(key: String, entry: JSONValue)] {
        let listed = data["model_list"]?.array ?? []
        var found: [(key: String, entry: JSONValue)] = []
        var seen: Set<String> = []
        func take(_ entry: JSONValue) {
            guard found.count < mostModels, let key = modelKey(of: entry), seen.insert(key).inserted else { return }
            found.append((key, entry))
        }
        listed.forEach(take)
        if found.isEmpty { JSONWalk.visit(data) { _, value in take(value) } }
        return found
    }

    static func modelKey(of entry: JSONValue) -> String? {
        (entry["model_req_key"] ?? entry["modelReqKey"])?.looseText.flatMap { text in
            text.utf8.count <= 128 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }
                ? text : nil
        }
    }

    /// Text to show, without control characters and cut to 200 characters.
    static func label(_ value: JSONValue?) -> String? {
        guard let text = value?.looseText else { return nil }
        let plain = text.unicodeScalars.prefix(1_000).filter { !($0.value < 0x20 || (0x7F...0x9F).contains($0.value)) }
        let label = String(String(String.UnicodeScalarView(plain)).prefix(200))
        return label.isEmpty ? nil : label
    }

    /// The identifiers in a list.
    static func identifiers(_ value: JSONValue?) -> [String] {
        (value?.array ?? []).prefix(mostEntries).compactMap { SafeText.identifier($0.looseText) }
    }

    /// The whole numbers of a list that lie in `range`, ascending, each once.
    static func numbers(_ values: [JSONValue], in range: ClosedRange<Int>) -> [Int] {
        Set(values.prefix(mostEntries).compactMap(\.looseInt).filter(range.contains)).sorted()
    }
}
