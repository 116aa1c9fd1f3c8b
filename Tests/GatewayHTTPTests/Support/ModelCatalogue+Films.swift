import GatewayCore

extension ModelCatalogue {
    /// The sample models, and some for videos: one with frames, one that takes materials too.
    static let films: ModelCatalogue = {
        let ratios = AspectRatio.allCases.filter { $0 != .landscape3x2 && $0 != .portrait2x3 }
        let everywhere = Dictionary(uniqueKeysWithValues: Region.allCases.map { ($0, "key") })
        return ModelCatalogue(
            models: ModelCatalogue.sample.models.filter { $0.kind == .image } + [
                Model(
                    id: "jimeng-video-3.0", kind: .video, displayName: "Frames", upstreamKeys: everywhere,
                    resolutions: ["720p", "1080p"], ratios: ratios, durations: [5, 10]),
                Model(
                    id: "seedance", kind: .video, displayName: "Materials", upstreamKeys: [.cn: "key"],
                    resolutions: ["720p"], ratios: ratios, supportsOmniReference: true,
                    durations: [5] + (4...15).filter { $0 != 5 }),
                Model(
                    id: "jimeng-video-gone", kind: .video, displayName: "Gone", upstreamKeys: [.cn: "key"],
                    resolutions: [], ratios: ratios, durations: [5], offlineRegions: [.cn]),
                Model(
                    id: "jimeng-5.0", kind: .image, displayName: "Tools", upstreamKeys: [.cn: "key", .jp: "key"],
                    resolutions: ["2k"]),
            ], defaultImageModel: "jimeng-4.5", defaultVideoModel: "jimeng-video-3.0")
    }()
}

extension Job {
    /// Ends well, with one video.
    mutating func finishFilm(seconds: Int = 5, stored: StoredMedia? = nil) {
        state = .succeeded
        historyID = "28765432100"
        var remote = RemoteOutput(url: "https://v3.example/film.mp4", width: 1280, height: 720, format: "mp4")
        remote.durationMilliseconds = seconds * 1000
        outputs = [GenerationOutput(remote: remote, stored: stored)]
        completedAt = createdAt + .seconds(60)
        submissions = 1
    }
}
