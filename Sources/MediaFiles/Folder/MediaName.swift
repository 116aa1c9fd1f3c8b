import GatewayCore

/// Where a kept file lies below the root: `yyyy/mm/<id>.<extension>`, by the UTC month in the id itself, so that no
/// look-up is needed and no text from outside ever becomes a path.
struct MediaName: Hashable {
    let id: MediaID
    let fileExtension: String
    /// `2026/09`.
    let month: String

    /// What may stand behind the dot: exactly what ``MediaType`` gives.
    static let extensions = Set(MediaType.allCases.map(\.rawValue))

    /// Nil unless the id has the form of ``MediaID`` and the extension is one that this store writes.
    init?(_ id: MediaID, fileExtension: String) {
        guard let createdAt = id.createdAt, Self.extensions.contains(fileExtension) else { return nil }
        self.id = id
        self.fileExtension = fileExtension
        month = Self.month(of: createdAt)
    }

    var folder: String { month }
    var path: String { "\(month)/\(id.rawValue).\(fileExtension)" }

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
