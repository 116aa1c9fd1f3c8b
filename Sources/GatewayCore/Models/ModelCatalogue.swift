/// Every model the gateway knows, with lookup by any accepted name.
package struct ModelCatalogue: Sendable {
    /// In listing order: images newest first, then videos.
    package let models: [Model]
    package let defaultImageModel: String
    package let defaultVideoModel: String
    /// Used where no model was named and the site has given the default up.
    package let fallbackImageModel: String?
    package let fallbackVideoModel: String?
    private let indexByName: [String: Int]

    /// `models`: canonical ids and aliases must be unique ignoring case; on a clash the earlier model keeps the name.
    package init(
        models: [Model], defaultImageModel: String, defaultVideoModel: String, fallbackImageModel: String? = nil,
        fallbackVideoModel: String? = nil
    ) {
        self.models = models
        self.defaultImageModel = defaultImageModel
        self.defaultVideoModel = defaultVideoModel
        self.fallbackImageModel = fallbackImageModel
        self.fallbackVideoModel = fallbackVideoModel
        var index: [String: Int] = [:]
        for (position, model) in models.enumerated() {
            index[model.id.lowercased()] = index[model.id.lowercased()] ?? position
        }
        for (position, model) in models.enumerated() {
            for alias in model.aliases where index[alias.lowercased()] == nil { index[alias.lowercased()] = position }
        }
        indexByName = index
    }

    /// The model with this canonical id or alias, ignoring case; nil when there is none.
    package func model(named name: String) -> Model? {
        indexByName[name.lowercased()].map { models[$0] }
    }
}
