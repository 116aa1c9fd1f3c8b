import SiteWire
import Testing
import WireJSON

/// The built-in catalogue against the two recorded ones. Where those disagree with the documented endpoints, the
/// endpoints' table decides; such places are named here.
@Suite struct SiteCatalogueTests {
    @Test("every recorded image model is known, with its aliases, keys, strength and abilities")
    func imageModels() throws {
        let recorded = try models(of: "models.json", kind: "image")
        #expect(recorded.count == 15)
        for entry in recorded {
            let id = try #require(entry["id"]?.string)
            let model = try #require(SiteCatalogue.imageModel(named: id), "\(id)")
            #expect(model.id == id)
            for alias in strings(entry["aliases"]) { #expect(SiteCatalogue.imageModel(named: alias) == model) }
            #expect(keys(model.upstreamKeys) == present(entry["upstream"]))
            #expect(model.status.rawValue == entry["status"]?.string)
            #expect(model.sampleStrength.lowerBound == entry["sample_strength_range"]?[0]?.double)
            #expect(model.sampleStrength.upperBound == entry["sample_strength_range"]?[1]?.double)
            let features = entry["features"]
            #expect(Int64(model.maximumReferences) == features?["max_input_images"]?.int)
            #expect(model.supportsIntelligentRatio == features?["intelligent_ratio"]?.bool)
            #expect(model.supportsSeries == features?["multi_image_series"]?.bool)
            if !model.hasForcedSize {
                #expect(Set(model.resolutions.map(\.rawValue)) == Set(strings(entry["resolutions"])))
            }
            if let name = entry["display_name"]?.string { #expect(model.displayName == name) }
        }
    }

    @Test("every model of the newest image catalogue is known, with counts, limits and entitlements")
    func newestImageModels() throws {
        let recorded = try #require(try Vectors.file("models-newest.json")["image_models"]?.array)
        #expect(recorded.count == 12)
        for entry in recorded {
            let key = try #require(entry["upstream_key"]?.string)
            let isChinese = strings(entry["regions"]).contains("cn")
            let model = try #require(
                SiteCatalogue.imageModel(upstreamKey: key, in: isChinese ? .cn : .us), "\(key)")
            for alias in strings(entry["aliases"]) { #expect(SiteCatalogue.imageModel(named: alias) == model) }
            let listed = Set(strings(entry["resolutions"]))
            #expect(listed.isSubset(of: model.resolutions.map(\.rawValue)))
            #expect(Set(model.nativeResolutions.map(\.rawValue)) == listed.subtracting(["1.5k"]))
            if let options = entry["count_options"]?.array {
                #expect(Int64(model.defaultCount) == entry["default_count"]?.int)
                let counts = options.compactMap(\.int)
                #expect(model.countRange.map { Int64($0.upperBound) } ?? 4 == counts.max())
                #expect((model.countRange == nil) == (counts == [4]))
            } else {
                #expect(model.counts == .decidedBySite)
            }
            #expect(Int64(model.maximumReferences) == entry["max_references"]?.int ?? 10)
            for (resolution, name) in entry["benefit_types"]?.object ?? JSONObject() where resolution != "default" {
                #expect(model.benefitTypes[try #require(ImageResolution(rawValue: resolution))] == name.string)
            }
            #expect(model.typicalSeconds.map { Int64($0) } == entry["typical_seconds"]?.int)
        }
    }

    @Test("every recorded video model is known, with aliases, keys and entitlements")
    func videoModels() throws {
        // Two pseudo models that nobody offers.
        let left = ["seedance-2.0-lite", "jimeng-video-multiframe"]
        let recorded = try models(of: "models.json", kind: "video").filter {
            !left.contains($0["id"]?.string ?? "")
        }
        #expect(recorded.count == 15)
        for entry in recorded {
            let id = try #require(entry["id"]?.string)
            let model = try #require(SiteCatalogue.videoModel(named: id), "\(id)")
            #expect(model.id == id)
            for alias in strings(entry["aliases"]) { #expect(SiteCatalogue.videoModel(named: alias) == model) }
            #expect(keys(model.upstreamKeys) == present(entry["upstream"]))
            #expect(model.status.rawValue == entry["status"]?.string)
            let benefits = Set(model.benefitTypes.values.joined())
            #expect(benefits.contains(try #require(entry["benefit_type"]?.string)))
            for (resolution, name) in entry["benefit_type_by_resolution"]?.object ?? JSONObject() {
                #expect(model.benefitTypes[resolution]?.first == name.string)
            }
            let durations = Set(entry["durations_seconds"]?.array?.compactMap(\.int) ?? [])
            #expect(durations.isSubset(of: (model.durations + model.toleratedDurations).map { Int64($0) }))
            #expect(Int64(model.defaultDuration) == entry["defaults"]?["duration_seconds"]?.int)
        }
    }

    @Test("every model of the newest video catalogue is known, with resolutions, ratios and limits")
    func newestVideoModels() throws {
        let recorded = try #require(try Vectors.file("models-newest.json")["video_models"]?.array)
        #expect(recorded.count == 13)
        // An ambiguous alias that the endpoints give to another model.
        let ambiguous = ["seedance-2.0-pro"]
        for entry in recorded {
            let key = try #require(entry["upstream_key"]?.string)
            let model = try #require(
                SiteCatalogue.videoModels.first { $0.upstreamKeys.values.contains(key) }, "\(key)")
            for alias in strings(entry["aliases"]) where !ambiguous.contains(alias) {
                #expect(SiteCatalogue.videoModel(named: alias) == model)
            }
            if !model.resolutions.isEmpty { #expect(Set(model.resolutions) == Set(strings(entry["resolutions"]))) }
            #expect(model.ratios.map(\.rawValue) == strings(entry["ratios"]))
            #expect(model.supportsOmniReference == strings(entry["inputs"]).contains("omni_reference"))
            #expect(model.typicalSeconds.map { Int64($0) } == entry["typical_seconds"]?.int)
            for (resolution, names) in entry["benefit_types"]?.object ?? JSONObject()
            where resolution != "pattern" && resolution != "default" {
                #expect(Set(strings(names)).isSubset(of: Set(model.benefitTypes.values.joined())))
            }
            guard let limits = entry["limits"] else { continue }
            #expect(model.limits.total.map { Int64($0) } == limits["total"]?.int)
            #expect(model.limits.images.map { Int64($0) } == limits["images"]?.int)
            #expect(model.limits.videos.map { Int64($0) } == limits["videos"]?.int)
            #expect(model.limits.audios.map { Int64($0) } == limits["audios"]?.int)
            #expect(model.limits.videoSeconds == limits["videos_total_seconds"]?.double)
            #expect(model.limits.promptCharacters.map { Int64($0) } == limits["prompt_chars"]?.int)
        }
    }

    @Test("no name stands for two models")
    func namesAreUnique() {
        let images = SiteCatalogue.imageModels.flatMap { [$0.id] + $0.aliases }
        let videos = SiteCatalogue.videoModels.flatMap { [$0.id] + $0.aliases }
        let names = (images + videos).map { $0.lowercased() }
        #expect(Set(names).count == names.count)
    }

    @Test(
        "models are found by any of their names, whatever the case, and by no other",
        arguments: [
            ("jimeng", "jimeng-4.5"), ("JIMENG-4.5", "jimeng-4.5"), ("jimeng-image-5.0", "jimeng-5.0"),
            ("seedream-3.1", "jimeng-3.1"), ("mj82", "jimeng-mj82"), ("nano-banana-pro", "nanobananapro"),
            ("jimeng-9", nil), ("", nil), ("jimeng-video-3.0", nil),
        ] as [(String, String?)])
    func names(name: String, id: String?) {
        #expect(SiteCatalogue.imageModel(named: name)?.id == id)
    }

    @Test("the defaults are models of every region")
    func defaults() throws {
        let image = try #require(SiteCatalogue.imageModel(named: SiteCatalogue.defaultImageModelID))
        #expect(image.regions == SiteRegion.allCases)
        let video = try #require(SiteCatalogue.videoModel(named: SiteCatalogue.defaultVideoModelID))
        #expect(video.regions == SiteRegion.allCases)
        #expect(video.offlineRegions == [.cn])
    }

    @Test(
        "the default resolution is 2k, and 1k where the name or the model says so",
        arguments: [
            ("jimeng-4.5", "2k"), ("jimeng-3.1", "2k"), ("jimeng-image-3.1", "1k"), ("Jimeng-Image-3.0", "1k"),
            ("seedream-3.0", "2k"), ("jimeng-2.1", "1k"), ("jimeng-mj82", "1k"), ("nanobananapro", "2k"),
        ])
    func defaultResolutions(name: String, resolution: String) throws {
        let model = try #require(SiteCatalogue.imageModel(named: name))
        #expect(model.defaultResolution(calledAs: name)?.rawValue == resolution)
    }

    @Test(
        "counts are a range, forced, or the site's own business",
        arguments: [
            ("jimeng-5.0-pro", 1...4, 2), ("jimeng-4.5", 1...8, 4), ("jimeng-mj82", nil, 4), ("jimeng-3.0", nil, 4),
        ] as [(String, ClosedRange<Int>?, Int)])
    func counts(name: String, range: ClosedRange<Int>?, normal: Int) throws {
        let model = try #require(SiteCatalogue.imageModel(named: name))
        #expect(model.countRange == range)
        #expect(model.defaultCount == normal)
    }

    private func models(of file: String, kind: String) throws -> [JSONValue] {
        try #require(try Vectors.file(file)["models"]?.array).filter { $0["kind"]?.string == kind }
    }

    private func strings(_ value: JSONValue?) -> [String] { value?.array?.compactMap(\.string) ?? [] }

    private func keys(_ keys: [SiteRegion: String]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: keys.map { ($0.rawValue, $1) })
    }

    private func present(_ value: JSONValue?) -> [String: String] {
        var result: [String: String] = [:]
        for (name, key) in value?.object ?? JSONObject() { result[name] = key.string }
        return result
    }
}
