package import GatewayCore
package import Logging
import WireJSON

/// Writes the announcements of ended generations (endpoints.md section 13.3): the type, when it ended, and the generation
/// as `GET /v1/generations/{id}` shows it.
package struct WebhookBody: Sendable {
    private let description: JobDescription
    private let time: any TimeSource

    /// Whether the links of an announcement lead to copies of the results, so that it is worth waiting for them.
    package var waitsForCopies: Bool { description.links.leadsHere }

    package init(
        configuration: HTTPConfiguration, catalogue: ModelCatalogue, vault: any SecretVault, time: any TimeSource,
        logger: Logger
    ) {
        description = JobDescription(
            links: MediaLinks(configuration: configuration, vault: vault),
            errors: ErrorResponder(configuration: configuration, catalogue: catalogue, logger: logger),
            mediaMaximumAge: configuration.mediaMaximumAge)
        self.time = time
    }

    /// `messageID` stands in for the request id of an error.
    package func bytes(of job: Job, for target: WebhookTarget, messageID: String) -> [UInt8] {
        let now = time.now
        let value: JSONValue = [
            "type": .string("generation.\(job.state.rawValue)"),
            "created_at": .integer((job.completedAt ?? now).seconds),
            "data": description.record(
                of: job, origin: target.origin, requestID: messageID, acceptLanguage: nil, now: now),
        ]
        return value.serialized()
    }
}
