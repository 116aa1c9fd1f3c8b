import GatewayCore
import SiteWire

extension Observation {
    /// One record of the site in the engine's words.
    init(_ record: HistoryRecord) {
        self.init(reading: Reading(TaskOutcome(record)), historyID: record.historyID)
        if record.queue?.state != .processing, let position = record.queue?.position, position > 0 {
            queuePosition = position
            queueLength = record.queue?.length
        }
        if record.totalCount > 0 {
            finishedCount = min(record.finishedCount, record.totalCount)
            totalCount = record.totalCount
        }
        forecastQueue = record.forecastQueue.map(Self.bounded)
        forecastRun = record.forecastGeneration.map(Self.bounded)
        pollingInterval = record.queue?.pollInterval.flatMap { $0 >= 1 ? Self.bounded($0) : nil }
        createdAt = record.createdAt.map(Self.instant)
        finishedAt = record.finishedAt.map(Self.instant)
    }

    /// Seconds of the site as a duration of at most a day; nonsense becomes zero.
    private static func bounded(_ seconds: Double) -> Duration {
        seconds.isFinite ? .milliseconds(Int64(min(max(seconds, 0), 86_400) * 1000)) : .zero
    }

    private static func instant(_ seconds: Double) -> Timestamp {
        Timestamp(milliseconds: seconds.isFinite ? Int64(min(max(seconds, 0), 1e11) * 1000) : 0)
    }
}

extension Observation.Reading {
    init(_ outcome: TaskOutcome) {
        self =
            switch outcome {
            case .running: .running
            case .succeeded(let items): .succeeded(items.map { RemoteOutput($0) })
            case .emptySuccess(let isWithheld): .emptySuccess(isWithheld: isWithheld)
            case .failed(let fault, let items): .failed(GenerationFault(fault), items.map { RemoteOutput($0) })
            case .canceled: .canceled
            case .gone: .gone
            case .rejectedUnconfirmed: .rejectedUnconfirmed
            case .stalling(let items): .stalling(items.map { RemoteOutput($0) })
            }
    }
}

extension RemoteOutput {
    init(_ item: SiteItem) {
        self.init(
            url: item.url, uri: item.uri, width: item.width, height: item.height, format: item.format, itemID: item.id,
            durationMilliseconds: item.durationMilliseconds, coverURL: item.coverURL,
            expiresAt: item.expiry.flatMap { (1...Int64(1e11)).contains($0) ? Timestamp(seconds: $0) : nil })
    }
}

extension SiteRegion {
    init(_ region: Region) {
        self =
            switch region {
            case .cn: .cn
            case .us: .us
            case .hk: .hk
            case .jp: .jp
            case .sg: .sg
            }
    }
}
