import SiteWire
import Testing

@Suite struct SiteSignTests {
    struct Vector: Sendable {
        var path: String
        var time: Int64
        var sign: String
        var version = "8.4.0"

        init(_ path: String, _ time: Int64, _ sign: String, _ version: String = "8.4.0") {
            self.path = path
            self.time = time
            self.sign = sign
            self.version = version
        }
    }

    private static let generate = "/mweb/v1/aigc_draft/generate"
    private static let history = "/mweb/v1/get_history_by_ids"
    private static let credit = "/commerce/v1/benefits/user_credit"

    @Test(
        "the signature matches every recorded one",
        arguments: [
            Vector(generate, 1_789_742_348, "103979f37bb61af3a5a6d0a53f9e5992"),
            Vector(history, 1_789_742_352, "a6def80120c292743fa98f189898e112"),
            Vector(generate, 1_789_744_838, "c735ac6365447728451e5ff3cb15244d"),
            Vector(history, 1_789_744_874, "571a5ba7496c5303a26bcc0d950ad017"),
            Vector(generate, 1_789_744_911, "fd161293051c3416ac41091a0409303d"),
            Vector(history, 1_789_744_921, "a77b7ae8b993cba5173afb5a69eccc08"),
            Vector(generate, 1_789_745_001, "ffb0544074b0d2b79a5f95c495f79df7"),
            Vector(history, 1_789_745_045, "a334a3334276c6f5c5445f85dacc7032"),
            Vector(generate, 1_789_745_096, "6671e841e9d622f1d4540b8dc5af63ee"),
            Vector(history, 1_789_745_122, "a435619131b30121f0815dda1115fd3e"),
            Vector("/mweb/v1/get_upload_token", 1_789_746_355, "166eea62cb5dfc9c50fbcd5382d194fe"),
            Vector(credit, 1_733_966_964, "f3dbb824b378abea7c03cbb152b3a365", "5.8.0"),
            Vector(credit, 1_789_742_348, "eba1056ab126a68c8fcf59a44ec6c00a"),
            Vector(
                "/commerce/v1/benefits/user_credit_history", 1_789_742_348, "9c88026880f1630f5872702b53544901"),
            Vector("/mweb/v1/get_user_info", 1_789_742_348, "62ad99ae9ead3754b01824c7fc48a368"),
            Vector("/mweb/v1/get_history_queue_info", 1_789_742_348, "e4828a6bd8dbb3099000f3fa9343675e"),
            Vector("/mweb/v1/get_common_config", 1_789_742_348, "313ddcc22a9582b2916134d67b5d22ef"),
            Vector(generate, 1_733_966_964, "efdc94dbbc3ffdba4af73bf203a04c13", "5.8.0"),
            Vector(generate, 1_772_260_000, "56207b58d48b36bdefbbb5035d783e70"),
            Vector(history, 1_772_260_005, "7eabfc7ce109c48e5a3aaf3dd9e36605"),
            Vector(credit, 1_772_260_010, "af3a4168d46909af36298b4d30cec43a"),
            Vector("/mweb/v1/get_upload_token", 1_772_260_020, "04c66d0ed0b84fec1200795a233517cd"),
            Vector("/passport/account/info/v2", 1_772_260_030, "b839eba04e8d302daa4db566680eda29"),
            Vector("/commerce/v1/benefits/credit_receive", 1_772_260_040, "a29431f5e0e0295309581d6032efb1ba"),
            Vector("/mweb/v1/get_local_item_list", 1_772_260_050, "5ac4897b516133b68c2554c5fe4cb258"),
            Vector(generate, 1_772_260_000, "442d334a41ad4c1152f95eaa1968a304", "5.8.0"),
        ])
    func matches(vector: Vector) {
        #expect(
            SiteSign.value(path: vector.path, appVersion: vector.version, unixSeconds: vector.time) == vector.sign)
    }
}
