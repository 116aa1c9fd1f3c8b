/// The check of one uploaded picture for faces and protected figures.
package enum PictureCheck {
    /// What a failed check means: a refusal of the picture, or nil, because a check that is broken must not stop a
    /// generation.
    package static func rejection(of fault: SiteFault) -> SiteFault? {
        let isRefusal = fault.kind == .inputImageRejected || fault.kind == .contentPolicyViolation
        guard isRefusal || fault.ret == "2003" else { return nil }
        var refusal = fault
        refusal.kind = .inputImageRejected
        return refusal
    }
}
