extension ModelCatalogue {
    /// What a model makes, by its name as clients write it, hints and vendor prefixes included; nil for a name that
    /// means no model here. `openAIAliases`: whether OpenAI's names stand for models.
    package func kind(ofModel name: String, openAIAliases: Bool) -> MediaKind? {
        let name = name.trimmingBlanks()
        guard name.utf8.count <= 256 else { return nil }
        if let model = model(named: ModelReference.withoutPrefix(name)) { return model.kind }
        guard let base = ModelReference(parsing: name)?.base else { return nil }
        if let model = model(named: base) { return model.kind }
        guard openAIAliases else { return nil }
        let lowered = base.lowercased()
        if lowered == "sora-2" || lowered.hasPrefix("sora-2-") { return .video }
        let isPicture = ["gpt-image-", "chatgpt-image-", "dall-e-"].contains(where: lowered.hasPrefix)
        return isPicture ? .image : nil
    }
}
