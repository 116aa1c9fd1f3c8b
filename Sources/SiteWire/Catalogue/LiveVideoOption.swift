import WireJSON

/// One choice a live video model offers.
struct LiveVideoOption {
    /// What can be chosen, in the site's order.
    var values: [JSONValue]
    /// What is chosen when nobody does.
    var standard: JSONValue?
    /// The option as it came.
    var whole: JSONValue

    /// The values stand in `values`, or in `enum_val` under a name that tells their type.
    init(_ option: JSONValue) {
        whole = option
        let choices = option["enum_val"]
        let lists = [option["values"]] + ["string_value", "int_value", "double_value"].map { choices?[$0] }
        let list = lists.lazy.compactMap(\.self).first { $0.array?.isEmpty != true && !$0.isNull } ?? .null
        values = Array((list.array ?? (list.isNull ? [] : [list])).prefix(LiveCatalogueReading.mostEntries))
        standard = choices?["default_val_idx"]?.looseInt.flatMap { values.indices.contains($0) ? values[$0] : nil }
    }

    /// The values as lower-case text, each once.
    var texts: [String] {
        var seen: Set<String> = []
        return values.compactMap { $0.looseText?.lowercased() }.filter { seen.insert($0).inserted }
    }
}
