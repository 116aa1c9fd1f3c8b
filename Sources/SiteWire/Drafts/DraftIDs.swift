/// The UUIDs one text-to-image draft needs, all different, chosen by the caller (lower case, with hyphens).
package struct DraftIDs: Sendable, Hashable {
    package var component: String
    package var coreParameters: String
    package var largeImage: String
    package var draft: String
    package var metadata: String
    package var abilities: String
    package var generate: String
    package var option: String

    /// Takes eight ids from `next`.
    package init(next: () -> String) {
        component = next()
        coreParameters = next()
        largeImage = next()
        draft = next()
        metadata = next()
        abilities = next()
        generate = next()
        option = next()
    }
}
