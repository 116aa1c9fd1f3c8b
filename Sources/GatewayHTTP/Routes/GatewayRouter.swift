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
            configuration: configuration, catalogue: services.catalogue, logger: services.logger,
            metrics: services.metrics.http)
        let links = MediaLinks(configuration: configuration, vault: services.vault)
        let (services, configuration) = (Boxed(services), Boxed(configuration))
        let authorization = Authorization(services: services, configuration: configuration)
        let description = JobDescription(
            links: links, errors: errors, balances: services.balances, mediaMaximumAge: configuration.mediaMaximumAge)
        let generations = GenerationRoutes(
            services: services, authorization: authorization, description: description)

        let router = Router(context: GatewayRequestContext.self, options: .autoGenerateHeadEndpoints)
        var table = RouteTable()
        ServiceRoutes(services: services, version: configuration.version, startedAt: services.time.now)
            .add(to: router, &table)
        DocumentationRoutes(version: configuration.version).add(to: router, &table)
        MetricsRoutes(services: services, authorization: authorization, isPublic: configuration.metricsArePublic)
            .add(to: router, &table)
        ModelRoutes(
            listing: ModelListing(services.catalogue, openAIAliases: configuration.images.openAIAliases),
            services: services, authorization: authorization, isPublic: configuration.modelsArePublic
        ).add(to: router, &table)
        let reader = MultipartBodyReader(
            plain: BodyReader(
                limit: configuration.bodyLimit, isLenient: configuration.repairsJSON, logger: services.logger),
            multipart: MultipartReader(
                // Text may hold a file as data, and then counts like a JSON body that does.
                limits: MultipartReader.Limits(
                    total: configuration.multipartLimit, field: configuration.bodyLimit,
                    fields: configuration.bodyLimit)))
        let media = RequestMedia(
            fetcher: services.fetcher, media: services.media, links: links, time: services.time)
        let exchange = GenerationExchange(
            services: services, configuration: configuration, description: description, generations: generations)
        let images = ImageOrders(services: services, configuration: configuration, media: media, links: links)
        let videos = VideoOrders(services: services, configuration: configuration, media: media, links: links)
        let pictures = PictureAnswers(
            delivery: PictureDelivery(services: services, links: links, limit: configuration.pictureLimit),
            description: description, time: services.time)
        ImageRoutes(
            services: services, configuration: configuration, authorization: authorization, reader: reader,
            orders: images, exchange: exchange, answers: pictures
        ).add(to: router, &table)
        PostEditRoutes(
            services: services, configuration: configuration, authorization: authorization, reader: reader,
            media: media, exchange: exchange, answers: pictures, links: links
        ).add(to: router, &table)
        VideoRoutes(
            services: services, configuration: configuration, authorization: authorization, reader: reader,
            orders: videos, exchange: exchange, answers: VideoAnswers(services: services, description: description),
            description: description, generations: generations
        ).add(to: router, &table)
        OpenAIVideoRoutes(
            services: services, configuration: configuration, authorization: authorization, reader: reader,
            orders: videos, exchange: exchange, object: VideoObject(description: description),
            generations: generations
        ).add(to: router, &table)
        let orders = GenerationOrders(
            services: services, configuration: configuration, images: images, videos: videos)
        NativeGenerationRoutes(
            authorization: authorization, reader: reader, orders: orders, exchange: exchange
        ).add(to: router, &table)
        ChatRoutes(
            services: services, configuration: configuration, authorization: authorization, reader: reader.plain,
            orders: orders, exchange: exchange, delivery: pictures.delivery, description: description,
            unanswered: UnansweredChats(startedAt: services.time.now)
        ).add(to: router, &table)
        generations.add(to: router, &table)
        UsageRoutes(services: services, authorization: authorization).add(to: router, &table)
        TokenRoutes(
            services: services, authorization: authorization,
            reader: BodyReader(
                limit: TokenRoutes.bodyLimit, isLenient: configuration.repairsJSON, logger: services.logger),
            errors: errors
        ).add(to: router, &table)
        MediaRoutes(media: services.media, links: links, time: services.time).add(to: router, &table)
        let access = AdminAccess(authorization: authorization, controlSecret: services.controlSecret)
        if let keys = services.keys {
            KeyRoutes(
                keys: keys, services: services, access: access,
                reader: BodyReader(limit: KeyRoutes.bodyLimit, logger: services.logger)
            ).add(to: router, &table)
        }
        if let accounts = services.accounts {
            AccountRoutes(
                accounts: accounts, services: services, access: access,
                reader: BodyReader(limit: AccountRoutes.bodyLimit, logger: services.logger)
            ).add(to: router, &table)
        }
        table.refuseUnserved()
        additionalRoutes(router)

        routes = table.routes.map { "\($0.method.rawValue) \($0.path)" }
        responder = GatewayResponder(
            router: router.buildResponder(), table: table, errors: errors, services: services,
            configuration: configuration)
    }
}
