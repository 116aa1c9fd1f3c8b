package import GatewayCore

/// Where a kept file lies below the root, so that no look-up is needed and no text from outside ever becomes a path.
///
/// A file lies at `sha256/<first two digits>/<id>.<extension>`; one of the earlier form at `yyyy/mm/<id>.<extension>`, by
/// the UTC month in its id. What was made from a file lies in a folder of the file's id beside it.
package struct MediaName: Hashable {
    package let key: MediaKey
    /// `sha256/3f` or `2026/09`.
    package let folder: String

    /// Nil unless the id has the form of ``MediaID`` and the extension is one that this store writes.
    package init?(_ key: MediaKey) {
        guard MediaType(rawValue: key.fileExtension) != nil else { return nil }
        if let digits = key.id.contentDigits {
            folder = "sha256/\(digits.prefix(2))"
        } else if let createdAt = key.id.createdAt {
            folder = Self.month(of: createdAt)
        } else {
            return nil
        }
        self.key = key
    }

    /// Of what was made from the file.
    package var madeFolder: String { "\(folder)/\(key.id)" }

    package var path: String {
        key.variant.name.map { "\(madeFolder)/\($0).\(key.fileExtension)" } ?? "\(folder)/\(key.fileName)"
    }

    /// The year and month of an instant in UTC, by the civil calendar (days counted from 1 March, so that leap days
    /// come last).
    static func month(of instant: Timestamp) -> String {
        let days = Int((instant.seconds / 86400) + 719_468)
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let yearText = String(year)
        return String(repeating: "0", count: max(0, 4 - yearText.count)) + yearText + (month < 10 ? "/0" : "/")
            + String(month)
    }
}
