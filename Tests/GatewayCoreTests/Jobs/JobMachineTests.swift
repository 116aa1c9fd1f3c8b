import GatewayCore
import Testing

/// The rules of field-notes.md (b), (c) and errors.md section 4 as far as they need memory or lead to an action.
@Suite struct JobMachineTests {
    private let start = Timestamp(seconds: 1_000_000)
    private let first = AccountID(rawValue: "acct_1")
    private let second = AccountID(rawValue: "acct_2")

    private func machine(candidates: [AccountID] = [AccountID(rawValue: "acct_1")], count: Int? = nil) -> JobMachine {
        JobMachine(
            Job(
                id: GenerationID(rawValue: "gen_1"), owner: "owner",
                task: .textToImage(
                    TextToImage(
                        model: "jimeng-4.5", prompt: "a fox", ratio: .square, resolution: "2k",
                        size: PixelSize(width: 2048, height: 2048), count: count, seed: 1)),
                requestedModel: "jimeng-4.5", fingerprint: "f", candidates: candidates, createdAt: start))
    }

    private func credential(_ id: AccountID) -> AccountCredential {
        AccountCredential(id: id, region: .cn, session: Secret("s"), proxy: nil, isSandbox: false)
    }

    private func submitting(candidates: [AccountID] = [AccountID(rawValue: "acct_1")], count: Int? = nil) -> JobMachine
    {
        var machine = machine(candidates: candidates, count: count)
        machine.submit(as: credential(candidates[0]), with: SubmitID(rawValue: "s-1"), at: start)
        return machine
    }

    private func running(count: Int? = nil) -> JobMachine {
        var machine = submitting(count: count)
        _ = machine.submitEnded(.accepted(Observation(reading: .running, historyID: "77")), at: start)
        return machine
    }

    private func outputs(_ count: Int) -> [RemoteOutput] {
        (0..<count).map { RemoteOutput(url: "https://cdn.example/\($0).webp") }
    }

    @Test func `an accepted submission runs and keeps the site's id`() {
        var machine = submitting()
        #expect(machine.job.submissions == 1)
        #expect(machine.submitEnded(.accepted(Observation(reading: .running, historyID: "77")), at: start) == .watch)
        #expect(machine.job.state == .running)
        #expect(machine.job.historyID == "77")
    }

    @Test func `an answer that is complete already ends the job`() {
        var machine = submitting(count: 2)
        let action = machine.submitEnded(.accepted(Observation(reading: .succeeded(outputs(2)))), at: start)
        #expect(action == .finish)
        #expect(machine.job.state == .succeeded)
        #expect(machine.job.progress.percent == 100)
    }

    @Test func `a lost answer is looked up and never sent again`() {
        var machine = submitting()
        #expect(machine.submitEnded(.unknown(GenerationFault(.submitUncertain)), at: start) == .watch)
        #expect(machine.job.state == .unknown)
        #expect(machine.missing(at: start + .seconds(599)) == .watch)
        #expect(machine.missing(at: start + .seconds(600)) == .finish)
        #expect(machine.job.state == .failed)
        #expect(machine.job.fault?.kind == .interrupted)
        #expect(machine.job.submissions == 1)
    }

    @Test func `a job that was submitting when the process died is found again`() {
        var machine = submitting()
        machine.interrupted(at: start)
        #expect(machine.job.state == .unknown)
        #expect(machine.observed(Observation(reading: .running, historyID: "9"), at: start) == .watch)
        #expect(machine.job.state == .running)
        #expect(machine.job.historyID == "9")
    }

    @Test func `a refusal that blames the account moves to the next one`() {
        var machine = submitting(candidates: [first, second])
        #expect(
            machine.submitEnded(.refused(GenerationFault(.riskControl, ret: "1019")), at: start) == .requeueElsewhere)
        #expect(machine.job.state == .queued)
        #expect(machine.job.submitID == nil)
        machine.submit(as: credential(second), with: SubmitID(rawValue: "s-2"), at: start)
        #expect(machine.submitEnded(.refused(GenerationFault(.invalidSession)), at: start) == .finish)
        #expect(machine.job.fault?.kind == .riskControl)
        #expect(machine.job.fault?.accountsTried == 2)
    }

    @Test func `no more than three accounts are tried`() {
        let ids = (1...5).map { AccountID(rawValue: "acct_\($0)") }
        var machine = submitting(candidates: ids)
        #expect(machine.submitEnded(.refused(GenerationFault(.invalidSession)), at: start) == .requeueElsewhere)
        machine.submit(as: credential(ids[1]), with: SubmitID(rawValue: "s-2"), at: start)
        #expect(machine.submitEnded(.refused(GenerationFault(.invalidSession)), at: start) == .requeueElsewhere)
        machine.submit(as: credential(ids[2]), with: SubmitID(rawValue: "s-3"), at: start)
        #expect(machine.submitEnded(.refused(GenerationFault(.invalidSession)), at: start) == .finish)
    }

    @Test func `what never left or was refused is no submission`() {
        let fault = GenerationFault(.upstreamUnreachable)
        for outcome in [SubmitOutcome.notSent(fault), .refused(fault)] {
            var machine = submitting()
            #expect(machine.submitEnded(outcome, at: start) == .finish)
            #expect(machine.job.submissions == 0)
            #expect(machine.job.fault?.kind == .upstreamUnreachable)
        }
    }

    @Test func `a refusal that blames the request fails at once`() {
        var machine = submitting(candidates: [first, second])
        #expect(machine.submitEnded(.refused(GenerationFault(.contentPolicyViolation)), at: start) == .finish)
        #expect(machine.job.fault?.kind == .contentPolicyViolation)
    }

    @Test func `too many running jobs mean waiting, not failing`() {
        var machine = submitting()
        #expect(machine.submitEnded(.refused(GenerationFault(.upstreamConcurrencyLimit)), at: start) == .requeueHere)
        #expect(machine.job.notBefore == start + .seconds(30))
    }

    @Test func `a busy site is asked five times with growing waits`() {
        var machine = submitting()
        var waits: [Duration] = []
        for attempt in 1...5 {
            let action = machine.submitEnded(.refused(GenerationFault(.upstreamBusy)), at: start)
            guard attempt < 5 else {
                #expect(action == .finish)
                break
            }
            #expect(action == .requeueHere)
            waits.append((machine.job.notBefore ?? start) - start)
            machine.submit(as: credential(first), with: SubmitID(rawValue: "s-\(attempt)"), at: start)
        }
        #expect(waits == [.seconds(5), .seconds(10), .seconds(20), .seconds(40)])
        #expect(machine.job.fault?.kind == .upstreamBusy)
    }

    @Test func `a cured refusal goes again under a new submit id and leaves no mark`() {
        var machine = submitting()
        #expect(machine.refusalCured() == .requeueHere)
        #expect(machine.job.state == .queued)
        #expect(machine.job.refusals.isEmpty)
        #expect(machine.job.submitID == nil)
    }

    @Test(arguments: [(2, JobState.succeeded), (1, .partial)])
    func `fewer pictures than asked for are a partial success`(came: Int, state: JobState) {
        var machine = running(count: 2)
        #expect(machine.observed(Observation(reading: .succeeded(outputs(came))), at: start) == .finish)
        #expect(machine.job.state == state)
        #expect(machine.job.outputs.count == came)
    }

    @Test func `a partial success that does not move for five minutes is delivered`() {
        var machine = running(count: 4)
        var observation = Observation(reading: .stalling(outputs(2)))
        observation.finishedCount = 2
        #expect(machine.observed(observation, at: start) == .watch)
        observation.reading = .stalling(outputs(3))
        #expect(machine.observed(observation, at: start + .seconds(200)) == .watch)
        #expect(machine.observed(observation, at: start + .seconds(499)) == .watch)
        #expect(machine.observed(observation, at: start + .seconds(500)) == .finish)
        #expect(machine.job.state == .partial)
        #expect(machine.job.outputs.count == 3)
    }

    @Test func `a partial success that moves on never ends the job`() {
        var machine = running(count: 4)
        for step in 0..<10 {
            var observation = Observation(reading: .stalling(outputs(1)))
            observation.finishedCount = step
            #expect(machine.observed(observation, at: start + .seconds(step * 290)) == .watch)
        }
    }

    @Test func `an unconfirmed rejection has thirty seconds to become something else`() {
        var machine = running()
        #expect(machine.observed(Observation(reading: .rejectedUnconfirmed), at: start) == .watch)
        #expect(machine.observed(Observation(reading: .running), at: start + .seconds(20)) == .watch)
        #expect(machine.observed(Observation(reading: .rejectedUnconfirmed), at: start + .seconds(25)) == .watch)
        #expect(machine.observed(Observation(reading: .rejectedUnconfirmed), at: start + .seconds(54)) == .watch)
        #expect(machine.observed(Observation(reading: .rejectedUnconfirmed), at: start + .seconds(55)) == .finish)
        #expect(machine.job.fault?.kind == .contentPolicyViolation)
    }

    @Test func `a success without a picture is looked at three times more`() {
        var machine = running()
        for _ in 0..<3 {
            #expect(machine.observed(Observation(reading: .emptySuccess(isWithheld: false)), at: start) == .watch)
        }
        #expect(machine.observed(Observation(reading: .emptySuccess(isWithheld: false)), at: start) == .finish)
        #expect(machine.job.fault?.kind == .emptyResult)
    }

    @Test func `a failure with pictures delivers them as partial`() {
        var machine = running(count: 4)
        let reading = Observation.Reading.failed(GenerationFault(.outputFiltered), outputs(1))
        #expect(machine.observed(Observation(reading: reading), at: start) == .finish)
        #expect(machine.job.state == .partial)
        #expect(machine.job.fault == nil)
    }

    @Test func `a job the site has not registered yet is waited for`() {
        var machine = running()
        var fresh = submitting()
        _ = fresh.submitEnded(.unknown(GenerationFault(.submitUncertain)), at: start)
        #expect(fresh.missing(at: start) == .watch)
        for _ in 0..<9 { #expect(machine.missing(at: start) == .watch) }
        #expect(machine.missing(at: start) == .finish)
        #expect(machine.job.fault?.kind == .historyNotFound)
    }

    @Test func `a poll that fails does not end a job, a session that stays dead does`() {
        var machine = running()
        #expect(machine.unreadable(GenerationFault(.upstreamUnreachable), at: start + .seconds(80_000)) == .watch)
        #expect(machine.unreadable(GenerationFault(.invalidSession), at: start) == .watch)
        #expect(machine.unreadable(GenerationFault(.invalidSession), at: start + .seconds(599)) == .watch)
        #expect(machine.unreadable(GenerationFault(.invalidSession), at: start + .seconds(600)) == .finish)
        #expect(machine.job.historyID == "77")
    }

    @Test func `an accepted job is watched for a day`() {
        var machine = running()
        #expect(machine.observed(Observation(reading: .running), at: start + .seconds(86_399)) == .watch)
        #expect(machine.observed(Observation(reading: .running), at: start + .seconds(86_400)) == .finish)
        #expect(machine.job.fault?.kind == .generationTimeout)
    }

    @Test func `a queued job is cancelled here, a running one at the site`() {
        var queued = machine()
        #expect(queued.cancel(at: start) == .finish)
        #expect(queued.job.state == .canceled)
        var atSite = running()
        #expect(atSite.cancel(at: start) == .askSiteToCancel)
        #expect(atSite.job.state == .running)
        #expect(atSite.observed(Observation(reading: .canceled), at: start) == .finish)
        #expect(atSite.job.state == .canceled)
        #expect(atSite.cancel(at: start) == .none)
    }

    @Test func `progress never falls and stays below the end`() {
        var machine = running()
        var observation = Observation(reading: .running)
        machine.updateProgress(from: observation, expectedEnd: start + .seconds(10), at: start + .seconds(5))
        #expect(machine.job.progress.percent == 50)
        machine.updateProgress(from: observation, expectedEnd: start + .seconds(100), at: start + .seconds(6))
        #expect(machine.job.progress.percent == 50)
        machine.updateProgress(from: observation, expectedEnd: start + .seconds(10), at: start + .seconds(60))
        #expect(machine.job.progress.percent == 95)
        observation.queuePosition = 3
        machine.updateProgress(from: observation, expectedEnd: nil, at: start + .seconds(61))
        #expect(machine.job.progress.queuePosition == 3)
        #expect(machine.job.progress.percent == 95)
    }

    @Test func `a success whose every result is withheld is moderation`() {
        var machine = running()
        let withheld = Observation(reading: .emptySuccess(isWithheld: true))
        for _ in 0..<3 { #expect(machine.observed(withheld, at: start) == .watch) }
        #expect(machine.observed(withheld, at: start) == .finish)
        #expect(machine.job.fault?.kind == .outputFiltered)
    }

    @Test func `a signature that was refused is tried once more under a new id, then given up`() {
        let refusal = SubmitOutcome.refused(GenerationFault(.upstreamProtocolChanged, ret: "1014"))
        var machine = submitting()
        #expect(machine.submitEnded(refusal, at: start) == .requeueHere)
        #expect(machine.job.submitID == nil)
        #expect(machine.job.submissions == 0)
        machine.submit(as: credential(first), with: SubmitID(rawValue: "s-2"), at: start)
        #expect(machine.submitEnded(refusal, at: start) == .finish)
        #expect(machine.job.fault?.kind == .upstreamProtocolChanged)
        var outdated = submitting()
        let other = SubmitOutcome.refused(GenerationFault(.upstreamProtocolChanged, ret: "3018"))
        #expect(outdated.submitEnded(other, at: start) == .finish)
    }
}
