/// What the sandbox knows of one generation it has accepted, for tests that hold another book against it.
package struct SandboxRecord: Hashable, Sendable {
    package var submitID: String
    /// Pictures or videos there are once it has ended.
    package var delivered: Int
    package var asked: Int
    /// Credits taken and given back.
    package var charged: Int
    package var refunded: Int

    init(_ job: SandboxJob) {
        submitID = job.submitID
        asked = job.order.count
        delivered = job.walk.cancelledAt == nil ? job.walk.ending.delivered(of: job.order.count) : 0
        charged = job.price
        refunded = job.isRefunded ? job.price : 0
    }
}
