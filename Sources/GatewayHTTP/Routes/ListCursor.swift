import GatewayCore

/// Where a page of a list begins (openai-compat.md section 10): behind one entry (`after`), or in front of one
/// (`before`). With both, `after` counts.
struct ListCursor {
    private let after: String?
    private let before: String?

    init(_ query: QueryParameters) {
        after = query["after"].flatMap { $0.isEmpty ? nil : $0 }
        before = query["before"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The page in the order of `filter`; `hasMore` tells of what lies beyond it in the direction of the cursor.
    /// - Throws: what `notFound` makes of an id that names nothing of the list.
    func page(
        of generations: any GenerationService, _ filter: JobFilter, notFound: (String) -> RequestProblem
    ) async throws -> JobPage {
        var filter = filter
        let text = after ?? before
        if let text {
            guard let id = GenerationID(anyForm: text) else { throw notFound(text) }
            filter.after = id
        }
        // What stands in front of an entry stands behind it in the opposite order.
        let isBackwards = after == nil && before != nil
        if isBackwards { filter.newestFirst.toggle() }
        var page = try await generations.jobs(matching: filter)
        guard page.cursorFound else { throw notFound(text ?? "") }
        if isBackwards { page.jobs.reverse() }
        return page
    }
}
