import SiteWire
import WireJSON

/// The price book of a region, in the site's shape (protocol page `field-notes.md`, section f): what the ledger takes, by
/// what the catalogues name.
struct PriceListReply {
    /// What membership gives for nothing: so many pictures a day of one kind.
    struct Allowance: Sendable {
        var benefitType: String
        var count: Int
        /// What is left of it today.
        var left: Int
    }

    let region: SiteRegion
    var allowance: Allowance?

    private struct Entry: Equatable {
        var credits: Int
        /// In the words of the site: pictures are counted in China and are pages elsewhere.
        var unit: String
    }

    /// The data of `benefit_metadata` for these kinds of resources.
    func metadata(_ types: [String]) -> JSONValue {
        let lists = types.map { type -> JSONValue in
            let entries = type == "aigc" ? entries.sorted { $0.key < $1.key } : []
            return [
                "resource_type": .string(type), "resource_id": "get_all",
                "benefits_pay_strategy": .array(entries.map { strategy($0.key, $0.value) }),
            ]
        }
        return ["metadata_list": .array(lists)]
    }

    /// The data of `batch_get_user_benefit`.
    func assets(_ types: [String], credits: Int) -> JSONValue {
        var assets: [JSONValue] = []
        if let allowance, types.contains("aigc") {
            let (all, left) = (JSONValue.integer(Int64(allowance.count)), JSONValue.integer(Int64(allowance.left)))
            assets = [
                [
                    "resource_type": "aigc", "resource_id": "generate_img",
                    "benefit_type": .string(allowance.benefitType), "benefit_item_id": "1", "quota_all": all,
                    "quota_left": left,
                    "asset_details": [
                        ["pay_mode": "subscribe", "quota_all": all, "quota_left": left, "role": "vip"]
                    ],
                ]
            ]
        }
        return ["asset_list": .array(assets), "total_credits": .integer(Int64(credits))]
    }

    private func strategy(_ benefitType: String, _ entry: Entry) -> JSONValue {
        let price = JSONValue.string(String(entry.credits))
        var limits: [JSONValue] = []
        if let allowance, allowance.benefitType == benefitType {
            limits = [["role": "vip", "count": .integer(Int64(allowance.count))]]
        }
        return [
            "benefit_type": .string(benefitType), "benefit_id": "", "unit": .string(entry.unit), "use_mode": "",
            "name": "", "guide_config": [:],
            "credit_strategy": [
                "priority": 1, "credit_limits": [["role": "normal"], ["role": "vip"]],
                "credit_pricing_info": [
                    "min_charge_cnt": 1, "credit_unit_price": price, "original_credit_unit_price": price,
                ],
            ],
            "limitfree_strategy": ["limitfree_limits": []], "subscribe_strategy": ["subscribe_limits": .array(limits)],
        ]
    }

    /// By benefit type. A name that stands for two prices has none.
    private var entries: [String: Entry] {
        var entries: [String: Entry] = [:]
        var doubtful: Set<String> = []
        func add(_ name: String, _ entry: Entry) {
            if let known = entries[name], known != entry { doubtful.insert(name) }
            entries[name] = entry
        }
        let unit = region == .cn ? "count" : "page"
        for model in SiteCatalogue.imageModels where model.upstreamKeys[region] != nil {
            var names = model.benefitTypes
            names[CatalogueReply.firstResolution(of: model)] = CatalogueReply.benefitType(of: model)
            for (resolution, name) in names {
                add(name, Entry(credits: SandboxOrder.pictureCredits(resolution: resolution.rawValue), unit: unit))
            }
        }
        for model in SiteCatalogue.videoModels where model.upstreamKeys[region] != nil {
            for (resolution, names) in model.benefitTypes {
                let credits = FilmOrder.price(resolution: resolution)
                for name in names { add(name, Entry(credits: credits, unit: "second")) }
            }
            if let name = model.benefitTypeWithVideo, model.resolutions.count == 1, let only = model.resolutions.first {
                add(name, Entry(credits: FilmOrder.price(resolution: only), unit: "second"))
            }
        }
        return entries.filter { !doubtful.contains($0.key) }
    }
}
