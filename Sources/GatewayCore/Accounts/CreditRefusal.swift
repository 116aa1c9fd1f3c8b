/// What the site means by "not enough credits". Its one number (1006) stands for an empty balance, for credits of the
/// wrong sort, for a resolution that the account's plan does not cover and for a model that is listed but closed; the
/// balance and the model tell which (errors.md sections 3.3 and 4; protocol conflicts.md row 66).
package enum CreditRefusal {
    /// The refusal in the words that help its reader.
    ///
    /// `model`: nil when the task's model is no model of the catalogue, as for after-editing.
    /// `balance`: read after the refusal.
    package static func explained(
        _ fault: GenerationFault, of task: GenerationTask, model: Model?, balance: CreditBalance
    ) -> GenerationFault {
        guard fault.kind == .insufficientCredits, let model else { return fault }
        var explained = fault
        let counted = model.acceptsGiftCredits ? balance.total : balance.purchase + balance.vip
        // Only this number has been seen for anything but a lack of credits.
        let isAmbiguous = fault.ret == "1006" || fault.failCode == "1006"
        if isAmbiguous, counted >= clearlyEnough(for: task) {
            if let tier = uncoveredTier(of: task, model: model) {
                explained.uncoveredResolution = tier
            } else {
                explained.kind = .modelUnavailable
            }
        } else if !model.acceptsGiftCredits, balance.total > 0 {
            explained.kind = .paidCreditsRequired
        }
        return explained
    }

    /// More credits than any generation of this kind has been seen to cost: 53 for the dearest picture, 12 for a second
    /// of the dearest video.
    private static func clearlyEnough(for task: GenerationTask) -> Int {
        switch task {
        case .textToImage, .imageToImage, .postEdit: 60 * max(1, task.expectedCount ?? 4)
        case .video(let video): 60 * max(1, video.seconds)
        }
    }

    /// The task's resolution when the model is in full use and has a lower one, which the plan may cover.
    private static func uncoveredTier(of task: GenerationTask, model: Model) -> String? {
        guard model.status == .current, let resolution = task.resolution,
            let place = ladder.firstIndex(of: resolution)
        else { return nil }
        let hasLower = model.nativeResolutions.contains { other in
            ladder.firstIndex(of: other).map { $0 < place } ?? false
        }
        return hasLower ? resolution : nil
    }

    /// From the cheapest to the dearest, pictures and videos by themselves.
    private static let ladder = ["1k", "1.5k", "2k", "480p", "720p", "1080p", "4k"]
}
