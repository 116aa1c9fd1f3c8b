import GatewayCore
package import Hummingbird

/// The whole API, ready for `Application(responder:server:)` and for tests.
package struct GatewayRouter: Sendable {
    package let responder: GatewayResponder
    /// Method and path of every route, in the order of registration.
    package let routes: [String]

    /// `additionalRoutes` adds what other parts serve on the same port; those paths get the same headers, error shape
    /// and log lines.
    package init(
        services: GatewayServices, configuration: HTTPConfiguration,
        additionalRoutes: (Router<GatewayRequestContext>) -> Void = { _ in }
    ) {
        let errors = ErrorResponder(
            configuration: configuration, catalogue: services.catalogue, logger: services.logger)
        let authorization = Authorization(policy: configuration.tokens)
        let links = MediaLinks(
            vault: services.vault, mode: configuration.mediaLinks, publicBaseURL: configuration.publicBaseURL,
            trustsForwardedHeaders: configuration.trustsForwardedHeaders)
        let description = JobDescription(links: links, errors: errors)
        let generations = GenerationRoutes(
            services: services, authorization: authorization, description: description)

        let router = Router(context: GatewayRequestContext.self, options: .autoGenerateHeadEndpoints)
        var table = RouteTable()
        ServiceRoutes(services: services, version: configuration.version, startedAt: services.time.now)
            .add(to: router, &table)
        ModelRoutes(
            listing: ModelListing(services.catalogue, openAIAliases: configuration.images.openAIAliases),
            authorization: authorization, isPublic: configuration.modelsArePublic
        ).add(to: router, &table)
        ImageRoutes(
            services: services, configuration: configuration, authorization: authorization,
            reader: BodyReader(limit: configuration.bodyLimit),
            resolver: ImageRequestResolver(catalogue: services.catalogue, options: configuration.images),
            delivery: PictureDelivery(services: services, links: links, limit: configuration.pictureLimit),
            description: description, generations: generations
        ).add(to: router, &table)
        generations.add(to: router, &table)
        MediaRoutes(media: services.media, links: links, time: services.time).add(to: router, &table)
        table.refuseUnserved()
        additionalRoutes(router)

        routes = table.routes.map { "\($0.method.rawValue) \($0.path)" }
        responder = GatewayResponder(
            router: router.buildResponder(), table: table, errors: errors, services: services,
            configuration: configuration)
    }
}
