import SiteWire
import Testing
import WireJSON

/// The site's price book, as far as its shape is documented (`field-notes.md`, section (f)), and hostile forms of it.
@Suite struct PriceBookReplyTests {
    private static func strategy(
        _ name: JSONValue, unit: JSONValue = "count", price: JSONValue = 3, minimum: JSONValue? = 1,
        free: JSONValue = [], members: JSONValue = []
    ) -> JSONValue {
        var pricing: JSONObject = ["credit_unit_price": price, "original_credit_unit_price": 9]
        if let minimum { pricing["min_charge_cnt"] = minimum }
        return [
            "benefit_type": name, "benefit_id": "1", "unit": unit, "use_mode": "x", "name": "图片",
            "credit_strategy": [
                "priority": 1, "credit_limits": [["role": "vip"]], "credit_pricing_info": .object(pricing),
            ],
            "limitfree_strategy": ["limitfree_limits": free], "subscribe_strategy": ["subscribe_limits": members],
        ]
    }

    private static func payload(_ strategies: [JSONValue]) -> JSONValue {
        [
            "metadata_list": [
                [
                    "resource_type": "aigc", "resource_id": "get_all", "benefits_pay_strategy": .array(strategies),
                ],
                ["resource_type": "normal_func", "resource_id": "get_all"],
            ]
        ]
    }

    private static func book(_ strategies: JSONValue...) throws -> [PriceBookReply.Strategy] {
        try PriceBookReply(try Fixtures.open(["ret": "0", "data": payload(strategies)])).strategies
    }

    @Test func `prices are read by what they are charged to, numbers as text too`() throws {
        let strategies = try Self.book(
            Self.strategy("image_basic_v5_2k"), Self.strategy("video", unit: "Second", price: "12", minimum: "5"),
            Self.strategy("piece", unit: .null, price: .null, minimum: nil))
        #expect(strategies.map(\.benefitType) == ["image_basic_v5_2k", "video", "piece"])
        #expect(strategies.map(\.unit) == ["count", "second", nil])
        #expect(strategies.map(\.unitPrice) == [3, 12, nil])
        #expect(strategies.map(\.minimumUnits) == [1, 5, nil])
        #expect(strategies.allSatisfy { !$0.hasFreeUnits(at: 1_790_000_000) })
    }

    @Test func `what is free is free in its time, or with a membership`() throws {
        let strategies = try Self.book(
            Self.strategy(
                "now",
                free: [["role": "normal", "limit_count": "3", "limit_start_time": 100, "limit_end_time": "200"]]),
            Self.strategy("always", free: [["limit_count": 3, "limit_start_time": 0, "limit_end_time": 0]]),
            Self.strategy("none", free: [["limit_count": 0]]), Self.strategy("member", members: [["role": "vip"]]),
            Self.strategy("empty member", members: [["role": "vip", "count": 0]]))
        #expect(strategies.map { $0.hasFreeUnits(at: 150) } == [true, true, false, true])
        #expect(strategies.map { $0.hasFreeUnits(at: 99) } == [false, true, false, true])
        #expect(strategies.map { $0.hasFreeUnits(at: 200) } == [false, true, false, true])
    }

    @Test func `the answer may be text beside an empty or another object`() throws {
        let text = Self.payload([Self.strategy("a")]).serializedString()
        for data in [JSONValue.null, [:], ["other": 1]] {
            let envelope = try Fixtures.open(["ret": 0, "response": .string(text), "data": data])
            #expect(try PriceBookReply(envelope).strategies.map(\.benefitType) == ["a"])
        }
    }

    @Test(
        arguments: [
            [:], ["data": .null], ["data": ["metadata_list": "x"]], ["response": "{"], ["response": "[]"],
            ["data": ["metadata_list": [:]]],
        ] as [JSONObject])
    func `an answer without a list is no price book`(members: JSONObject) throws {
        var body = members
        body["ret"] = "0"
        let envelope = try Fixtures.open(.object(body))
        #expect(throws: SiteFault.self) { try PriceBookReply(envelope) }
        #expect(throws: SiteFault.self) { try BenefitReply(envelope) }
    }

    @Test func `what makes no sense is left out`() throws {
        let strategies = try Self.book(
            7.0, .null, [:], Self.strategy(.null), Self.strategy("two words"), Self.strategy("a", price: -1),
            Self.strategy("b", price: 1_000_001), Self.strategy("c", minimum: 0), Self.strategy("d", free: "x"),
            Self.strategy("e", free: [7]))
        #expect(strategies.map(\.benefitType) == ["a", "b", "c", "d", "e"])
        #expect(strategies.map(\.unitPrice) == [nil, nil, 3, 3, 3])
        #expect(strategies.allSatisfy { $0.freeTimes.isEmpty && ($0.minimumUnits ?? 1) == 1 })
    }

    @Test func `what is left is told by kind, without what credits would pay`() throws {
        let reply = try BenefitReply(
            try Fixtures.open([
                "ret": "0",
                "data": [
                    "total_credits": "77",
                    "asset_list": [
                        ["benefit_type": "whole", "quota_all": 9, "quota_left": "4"],
                        [
                            "benefit_type": "parts", "quota_left": 99,
                            "asset_details": [
                                ["pay_mode": "limitfree", "quota_left": 2], ["pay_mode": 3, "quota_left": "1"],
                                ["pay_mode": "CREDIT", "quota_left": 50],
                            ],
                        ],
                        ["benefit_type": "whole", "quota_left": 6], ["benefit_type": "endless", "quota_left": -1],
                        ["benefit_type": "none", "quota_left": 0], ["quota_left": 5], 7,
                    ],
                ],
            ]))
        #expect(reply.left == ["whole": 6, "parts": 3])
        #expect(reply.totalCredits == 77)
        #expect(try BenefitReply(try Fixtures.open(["ret": 0, "response": "{\"asset_list\":[]}"])).left == [:])
    }
}
