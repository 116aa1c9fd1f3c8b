import Logging

/// Finding out what a refusal means when its number alone does not tell.
extension AccountWorker {
    /// A refusal for credits explained by the balance; other refusals as they are. Asks the site for the balance once;
    /// without an answer the refusal stays what it was.
    func explained(_ fault: GenerationFault, of job: Job) async -> GenerationFault {
        guard fault.kind == .insufficientCredits, let model = context.model(job.task.model) else { return fault }
        do {
            let balance = try await context.upstream.credits(of: credential)
            await context.keeper.note(balance, of: account)
            return CreditRefusal.explained(fault, of: job.task, model: model, balance: balance)
        } catch {
            context.logger.info(
                "balance not read after a refusal", metadata: ["account.id": "\(account)", "error": "\(error)"])
            return fault
        }
    }
}
