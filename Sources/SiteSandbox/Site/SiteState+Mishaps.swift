/// What the scripts make go wrong beside the site's own refusals.
extension SiteState {
    private func chaos(of caller: SandboxCaller, _ what: String, _ number: Int) -> Chaos? {
        guard caller.script == .chaos else { return nil }
        return Chaos(
            percent: Chaos.percent(of: caller.sessionID), seed: configuration.seed, session: caller.accountKey,
            what: what, number: number)
    }

    /// What befalls a call whatever it is about. `isInstead`: nothing of what was asked for is done.
    func mishap(of endpoint: SandboxEndpoint, caller: SandboxCaller) -> (mishap: Mishap, isInstead: Bool)? {
        switch caller.script {
        case .outage: return (.serverError, true)
        case .strings: return (.strings, false)
        case .gaps: return (.gaps, false)
        case .chaos:
            var chaos = chaos(of: caller, endpoint.rawValue, accounts[caller.accountKey]?.requests ?? 0)
            return chaos?.call(endpoint)
        default: return endpoint == .generate ? caller.script.submitMishap.map { ($0, false) } : nil
        }
    }

    /// How the account's next job ends, if its script or chance decides.
    func ending(of caller: SandboxCaller) -> JobEnding {
        var chaos = chaos(of: caller, "ending", accounts[caller.accountKey]?.jobs ?? 0)
        return chaos?.ending() ?? caller.script.ending
    }

    /// From when on the ledger shows what happens to an account's job now. Milliseconds.
    func ledgerDelay(of caller: SandboxCaller, job number: Int) -> Int64 {
        var chaos = chaos(of: caller, "ledger", number)
        let isLate = caller.script == .ledgerLate || chaos?.strikes() == true
        return configuration.milliseconds(isLate ? .seconds(3_600) : configuration.ledgerDelay)
    }

    /// How far the site's clock is ahead for an account, in milliseconds of the clock.
    func clockOffset(of caller: SandboxCaller) -> Int64 {
        var chaos = chaos(of: caller, "clock", 0)
        return caller.script == .skew || chaos?.strikes() == true ? 3_600_000 : 0
    }

    /// What befalls the download of a result. Counts it.
    mutating func mishap(ofDownload place: MediaLinks.Place) -> Mishap? {
        guard place.kind == .picture || place.kind == .film, let job = job(number: place.number),
            let account = accounts[job.accountKey]
        else { return nil }
        update(place.number) { $0.downloads += 1 }
        let caller = SandboxCaller(sessionID: account.sessionID, region: account.region)
        switch caller.script {
        case .mediaReset: return job.downloads < 2 ? .cut : nil
        case .mediaDrip: return job.downloads < 1 ? .drip : nil
        case .mediaDown: return .serverError
        default:
            var chaos = chaos(of: caller, "download \(job.number)", job.downloads)
            return chaos?.download()
        }
    }
}
