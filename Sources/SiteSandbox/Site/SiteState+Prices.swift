import SiteWire
import WireJSON

extension SiteState {
    /// What a member has for nothing every day.
    static let memberPictures = (model: "jimeng-5.0", resolution: ImageResolution.twoK, count: 10)

    /// `benefit_metadata`.
    func priceBook(_ call: SiteCall, caller: SandboxCaller, at now: Int64) throws(SandboxRefusal) -> JSONValue {
        PriceListReply(region: caller.region, allowance: allowance(of: caller, at: now))
            .metadata(try resourceTypes(call))
    }

    /// `batch_get_user_benefit`.
    mutating func benefits(
        _ call: SiteCall, caller: SandboxCaller, at now: Int64
    ) throws(SandboxRefusal) -> JSONValue {
        let types = try resourceTypes(call)
        let credits = withAccount(of: caller, at: now) { $0.credits }
        return PriceListReply(region: caller.region, allowance: allowance(of: caller, at: now))
            .assets(types, credits: credits)
    }

    /// Credits for a submission: nothing while a member's pictures of the day cover it.
    func price(of order: SandboxOrder, caller: SandboxCaller, at now: Int64) -> Int {
        guard let left = allowance(of: caller, at: now)?.left, isMemberWork(order, in: caller.region),
            order.count <= left
        else { return order.price }
        return 0
    }

    private func allowance(of caller: SandboxCaller, at now: Int64) -> PriceListReply.Allowance? {
        let gift = Self.memberPictures
        guard caller.script == .member,
            let name = SiteCatalogue.imageModel(named: gift.model)?.benefitTypes[gift.resolution]
        else { return nil }
        let today = ChinaTime.day(now / 1_000)
        let used = jobs.values.reduce(0) { sum, job in
            let isFree =
                job.accountKey == caller.accountKey && job.price == 0 && isMemberWork(job.order, in: caller.region)
                && ChinaTime.day(job.walk.submittedAt / 1_000) == today
            return isFree ? sum + job.order.count : sum
        }
        return PriceListReply.Allowance(benefitType: name, count: gift.count, left: max(0, gift.count - used))
    }

    private func isMemberWork(_ order: SandboxOrder, in region: SiteRegion) -> Bool {
        switch order.work {
        case .textToImage, .blend:
            order.resolution == Self.memberPictures.resolution.rawValue
                && SiteCatalogue.imageModel(upstreamKey: order.modelKey, in: region)?.id == Self.memberPictures.model
        case .postEdit, .video: false
        }
    }

    /// Kinds of resources that a question is about. It has to ask for all of each.
    private func resourceTypes(_ call: SiteCall) throws(SandboxRefusal) -> [String] {
        let queries = (try? JSONValue.parse(call.body))?["query_list"]?.array ?? []
        guard (1...10).contains(queries.count) else { throw SandboxRefusal(1000, "query_list is empty") }
        var types: [String] = []
        for query in queries {
            guard let type = query["resource_type"]?.string, ["aigc", "normal_func"].contains(type),
                query["resource_id"]?.string == "get_all", query["benefit_type_list"]?.array != nil
            else { throw SandboxRefusal(1000, "an entry of query_list is not of its form") }
            types.append(type)
        }
        return types
    }
}
