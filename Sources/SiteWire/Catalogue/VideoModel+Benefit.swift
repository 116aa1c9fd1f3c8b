extension VideoModel {
    /// The entitlement a video is charged to, from the built-in tables (`generate-video.md`, section 5); the live
    /// catalogue, where one is at hand, knows better. `resolution` nil means the model's own; `hasInputVideo` says
    /// whether a video is among the materials.
    package func benefitType(resolution: String?, hasInputVideo: Bool) -> String {
        if hasInputVideo, let benefitTypeWithVideo { return benefitTypeWithVideo }
        let names =
            resolution.flatMap { benefitTypes[$0.lowercased()] } ?? benefitTypes["default"]
            ?? resolutions.first.flatMap { benefitTypes[$0] } ?? []
        return BenefitTypes.choose(among: names, hasInputVideo: hasInputVideo) ?? "basic_video_operation_vgfm_v_three"
    }
}

/// Chooses among the names that stand for the same entitlement.
enum BenefitTypes {
    /// With an input video, the first name that does not say there is none; else the first name.
    static func choose(among names: [String], hasInputVideo: Bool) -> String? {
        guard hasInputVideo else { return names.first }
        return names.first { !$0.contains("no_input_video") } ?? names.first
    }
}
