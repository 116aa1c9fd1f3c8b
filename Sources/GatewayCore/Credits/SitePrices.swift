/// What the site's own price book asks of one account (protocol field-notes.md (f), "Price book").
package struct SitePrices: Hashable, Sendable {
    package struct Price: Hashable, Sendable {
        package enum Unit: Hashable, Sendable {
            /// A picture, a video.
            case result
            /// Of video, counted over what comes out and the videos that go in.
            case second
        }

        package var unit: Unit
        /// For one unit, at least 0.
        package var credits: Int
        /// The fewest units that are charged.
        package var minimumUnits: Int
        /// Units that cost nothing: what is left of a quota.
        package var freeUnits: Int

        package init(unit: Unit, credits: Int, minimumUnits: Int = 1, freeUnits: Int = 0) {
            self.unit = unit
            self.credits = credits
            self.minimumUnits = minimumUnits
            self.freeUnits = freeUnits
        }
    }

    /// By what the site charges a generation to.
    package var prices: [String: Price]

    package init(_ prices: [String: Price] = [:]) {
        self.prices = prices
    }
}

extension SitePrices.Price {
    /// How many units a task is; nil when that can't be said.
    func units(of task: GenerationTask, defaultCount: (String) -> Int?) -> Int? {
        switch (task, unit) {
        case (.video(let task), .second): max(1, task.billedSeconds)
        case (.video, .result): 1
        case (_, .result): (task.expectedCount ?? defaultCount(task.model)).map { max(1, $0) }
        case (_, .second): nil
        }
    }

    /// For so many units at once. A quota that does not cover all of them pays for none, as far as a quote goes.
    func credits(for units: Int) -> Int? {
        if freeUnits >= units { return 0 }
        let (credits, overflows) = max(units, minimumUnits).multipliedReportingOverflow(by: credits)
        return overflows ? nil : credits
    }
}
