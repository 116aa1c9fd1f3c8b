/// What an administrator changes about an account; nil = as it is.
package struct AccountEdit: Hashable, Sendable {
    package enum ProxyChange: Hashable, Sendable {
        /// The account speaks to the site directly.
        case none
        /// `scheme://[user[:password]@]host[:port]` (endpoints.md section 2.2).
        case to(Secret)
    }

    package var label: String?
    package var tags: [String]?
    package var note: String?
    package var isEnabled: Bool?
    package var proxy: ProxyChange?

    package init(
        label: String? = nil, tags: [String]? = nil, note: String? = nil, isEnabled: Bool? = nil,
        proxy: ProxyChange? = nil
    ) {
        self.label = label
        self.tags = tags
        self.note = note
        self.isEnabled = isEnabled
        self.proxy = proxy
    }
}

extension AccountLabels {
    /// The labels trimmed of blanks, tags without repetition.
    /// - Throws: ``AccountProblem/invalidField(_:rule:)``.
    func checked() throws(AccountProblem) -> AccountLabels {
        let label = label.trimmingBlanks()
        guard label.count <= Self.longestLabel, label.isPrintable else {
            throw .invalidField("label", rule: "must be at most \(Self.longestLabel) printable characters")
        }
        guard note.count <= Self.longestNote, note.allSatisfy({ $0.isNewline || String($0).isPrintable }) else {
            throw .invalidField("note", rule: "must be at most \(Self.longestNote) printable characters")
        }
        var kept: [String] = []
        for tag in tags.map({ $0.trimmingBlanks() }) where !kept.contains(tag) {
            let isName = tag.allSatisfy { $0.isLetter || $0.isNumber || "-_.:".contains($0) }
            guard !tag.isEmpty, tag.count <= Self.longestTag, isName else {
                throw .invalidField(
                    "tags",
                    rule: "must each be 1 to \(Self.longestTag) letters, digits or the characters - _ . :")
            }
            kept.append(tag)
            guard kept.count <= Self.mostTags else {
                throw .invalidField("tags", rule: "must be at most \(Self.mostTags)")
            }
        }
        return AccountLabels(label: label, tags: kept, note: note)
    }
}

extension String {
    fileprivate var isPrintable: Bool {
        unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
    }
}
