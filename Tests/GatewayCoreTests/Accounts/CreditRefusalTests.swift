import GatewayCore
import Testing

@Suite struct CreditRefusalTests {
    private func model(
        _ status: Model.Status = .current, gift: Bool = true, kind: MediaKind = .image
    ) -> Model {
        Model(
            id: "m", kind: kind, displayName: "m", status: status, upstreamKeys: [.cn: "m"],
            resolutions: ["2k", "4k", "1k"], nativeResolutions: ["2k", "4k"], acceptsGiftCredits: gift)
    }

    private func task(resolution: String = "2k", count: Int? = 1) -> GenerationTask {
        .textToImage(
            TextToImage(
                model: "m", prompt: "p", ratio: .square, resolution: resolution,
                size: PixelSize(width: 2048, height: 2048), count: count, seed: 1))
    }

    private func meaning(
        _ model: Model?, _ balance: CreditBalance, _ task: GenerationTask? = nil, ret: String = "1006"
    ) -> GenerationFault {
        CreditRefusal.explained(
            GenerationFault(.insufficientCredits, ret: ret), of: task ?? self.task(), model: model, balance: balance)
    }

    @Test func `few credits are what they are`() {
        #expect(meaning(model(), CreditBalance(gift: 59, purchase: 0, vip: 0)).kind == .insufficientCredits)
        #expect(meaning(model(gift: false), CreditBalance(gift: 0, purchase: 0, vip: 0)).kind == .insufficientCredits)
        #expect(meaning(nil, CreditBalance(gift: 900, purchase: 0, vip: 0)).kind == .insufficientCredits)
    }

    @Test func `daily credits do not count for a model that needs bought ones`() {
        for ret in ["1006", "5000", "4001"] {
            let fault = meaning(model(.older, gift: false), CreditBalance(gift: 900, purchase: 0, vip: 0), ret: ret)
            #expect(fault.kind == .paidCreditsRequired)
            #expect(fault.ret == ret)
        }
        let some = CreditBalance(gift: 0, purchase: 10, vip: 0)
        #expect(meaning(model(.older, gift: false), some).kind == .paidCreditsRequired)
    }

    @Test func `with credits to spare the model is closed`() {
        #expect(meaning(model(), CreditBalance(gift: 60, purchase: 0, vip: 0)).kind == .modelUnavailable)
        #expect(
            meaning(model(.older, gift: false), CreditBalance(gift: 0, purchase: 30, vip: 30)).kind == .modelUnavailable
        )
        // Without a count four pictures are assumed.
        let four = task(count: nil)
        #expect(meaning(model(), CreditBalance(gift: 239, purchase: 0, vip: 0), four).kind == .insufficientCredits)
        #expect(meaning(model(), CreditBalance(gift: 240, purchase: 0, vip: 0), four).kind == .modelUnavailable)
        // The older number has only ever meant credits.
        #expect(
            meaning(model(), CreditBalance(gift: 900, purchase: 0, vip: 0), ret: "5000").kind == .insufficientCredits)
    }

    @Test func `a higher resolution may be what the credits do not cover`() {
        let rich = CreditBalance(gift: 900, purchase: 0, vip: 0)
        let fault = meaning(model(), rich, task(resolution: "4k"))
        #expect(fault.kind == .insufficientCredits)
        #expect(fault.uncoveredResolution == "4k")
        #expect(meaning(model(.older), rich, task(resolution: "4k")).kind == .modelUnavailable)
    }

    @Test func `other refusals stay what they are`() {
        let fault = GenerationFault(.riskControl, ret: "1019")
        let explained = CreditRefusal.explained(
            fault, of: task(), model: model(), balance: CreditBalance(gift: 900, purchase: 0, vip: 0))
        #expect(explained == fault)
    }
}
