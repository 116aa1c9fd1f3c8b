package import GatewayCore
import SiteWire

extension SiteUpstream {
    package func credits(of account: AccountCredential) async throws(GenerationFault) -> CreditBalance {
        guard let balance = try await creditReply(of: account).balance else {
            throw GenerationFault(.upstreamInvalidResponse)
        }
        return CreditBalance(gift: balance.gift, purchase: balance.purchased, vip: balance.membership)
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

    package func claimDailyCredits(for account: AccountCredential) async throws(GenerationFault) -> Bool {
        let caller = try caller(for: account)
        let answer = try await transport.read(as: account) { caller.claimCredits(at: Self.unixSeconds) }
        do {
            return ClaimReply(try Self.site(answer, context: .claim)).received > 0
        } catch {
            guard ClaimReply(refusedBy: error) != nil else { throw GenerationFault(error) }
            return false
        }
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
