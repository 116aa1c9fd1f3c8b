package import GatewayCore
import SiteWire

extension SiteUpstream {
    package func credits(of account: AccountCredential) async throws(GenerationFault) -> CreditBalance {
        let reply = try await creditReply(of: account)
        guard let balance = reply.balance else { throw GenerationFault(.upstreamInvalidResponse) }
        let expiring = reply.expiries.filter { $0.amount > 0 && $0.at > 0 }.sorted { $0.at < $1.at }.map {
            CreditBalance.Expiry(amount: min($0.amount, 1_000_000_000), at: Timestamp(seconds: min($0.at, 1 << 40)))
        }
        return CreditBalance(
            gift: balance.gift, purchase: balance.purchased, vip: balance.membership, expiring: expiring)
    }

    /// The bare form first; a site that refuses its signature is asked in the usual form once (conflicts.md row 55).
    private func creditReply(of account: AccountCredential) async throws(GenerationFault) -> CreditReply {
        let caller = try caller(for: account)
        for form in SiteCaller.CreditForm.allCases {
            let answer = try await transport.read(as: account) { caller.credit(form: form, at: Self.unixSeconds) }
            do {
                return CreditReply(try Self.site(answer, context: .check))
            } catch {
                guard error.retry == .refreshSignature, form == .bare else { throw GenerationFault(error) }
            }
        }
        throw GenerationFault(.upstreamProtocolChanged)
    }

    package func claimDailyCredits(for account: AccountCredential) async throws(GenerationFault) -> DailyClaim {
        let caller = try caller(for: account)
        let answer = try await transport.read(as: account) { caller.claimCredits(at: Self.unixSeconds) }
        do {
            let reply = ClaimReply(try Self.site(answer, context: .claim))
            return DailyClaim(received: reply.received, streakDays: reply.streakDays)
        } catch {
            guard let reply = ClaimReply(refusedBy: error) else { throw await confirmed(error, as: account) }
            return DailyClaim(received: reply.received)
        }
    }

    /// A refusal in the gateway's words. An old number for a dead session counts only when a session check, made here,
    /// says the same (errors.md section 4, `2001`).
    func confirmed(_ fault: SiteFault, as account: AccountCredential) async -> GenerationFault {
        var result = GenerationFault(fault)
        guard fault.kind == .unconfirmedSession, let isAlive = try? await isSessionAlive(account), !isAlive else {
            return result
        }
        result.kind = .invalidSession
        return result
    }

    package func isSessionAlive(_ account: AccountCredential) async throws(GenerationFault) -> Bool? {
        let caller = try caller(for: account)
        let answer = try await transport.read(as: account) { caller.credit(at: Self.unixSeconds) }
        let outcome = Result { () throws(SiteFault) in CreditReply(try Self.site(answer, context: .check)) }
        switch SessionReply.credit(outcome) {
        case .alive: return true
        case .dead: return false
        case .unknown: return nil
        }
    }
}
