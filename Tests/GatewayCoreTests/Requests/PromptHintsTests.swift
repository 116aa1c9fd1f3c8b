import GatewayCore
import Testing

@Suite("Ratios and lengths in prompts")
struct PromptHintsTests {
    private static let image = ["1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3", "21:9"]
    private static let video = ["1:1", "4:3", "3:4", "16:9", "9:16", "21:9"]

    @Test(
        "a prompt may name its ratio",
        arguments: [
            ("一只猫 16:9", "16:9", "16:9"), ("一只猫 5:4，横屏", "16:9", "16:9"), ("海报 3：2", "3:2", nil),
            ("竖屏 横屏 对比", "16:9", "16:9"), ("4:3 或者 16:9", "4:3", "4:3"), ("时间显示 13:45", nil, nil),
            ("时间显示 10:16:9", nil, nil), ("一个人在看手机", "9:16", "9:16"),
            ("A running lion, portrait orientation", nil, nil), ("21：9 电影感", "21:9", "21:9"),
            ("比例16:9", "16:9", "16:9"), ("比例:16:9", "16:9", "16:9"), ("16：9", "16:9", "16:9"),
            ("１６：９", "16:9", "16:9"), ("16 : 9", "16:9", "16:9"), ("1: 16:9", "16:9", "16:9"),
            ("16:9:1", nil, nil), ("116:9", nil, nil), ("16:90", nil, nil), ("016:009", "16:9", "16:9"),
            ("00016:9", nil, nil), ("16:\n9", nil, nil), ("正方的桌子", "1:1", "1:1"), ("方形，手机壳", "9:16", "9:16"),
            ("", nil, nil), (":", nil, nil), ("16:", nil, nil), (":9", nil, nil), ("宽屏壁纸", "16:9", "16:9"),
            ("竖版海报", "9:16", "9:16"), ("5:4 3:2", "3:2", nil), ("99999999999999999999:9 横版", "16:9", "16:9"),
        ] as [(String, String?, String?)])
    func ratios(_ prompt: String, _ image: String?, _ video: String?) {
        #expect(PromptHints.ratio(in: prompt, allowed: Self.image) == image)
        #expect(PromptHints.ratio(in: prompt, allowed: Self.video) == video)
    }

    @Test("a word counts only for a ratio that is offered, and the words can be others")
    func keywords() {
        #expect(PromptHints.ratio(in: "横屏，方形", allowed: ["1:1"]) == "1:1")
        let english = PromptHints.Keywords(groups: [.init(ratio: "9:16", words: ["portrait", ""])])
        #expect(PromptHints.ratio(in: "portrait of a cat", allowed: Self.image, keywords: english) == "9:16")
        #expect(PromptHints.ratio(in: "横屏", allowed: Self.image, keywords: english) == nil)
    }

    @Test(
        "a prompt may name its length",
        arguments: [
            ("一只猫", [5, 10], nil), ("一只猫 5秒", [5, 10], 5), ("10 s cat", [5, 10], 10), ("15秒", [5, 10], nil),
            ("12秒", [5, 10, 12], 12), ("10秒", [5], nil), ("in the 1990s", [5, 10], nil),
            ("10秒视频，前5秒是海", [5, 10], 10), ("５秒钟", [5, 10], 5), ("a 5-second clip", [5, 10], nil),
            ("5 Seconds of rain", [5, 10], 5), ("10SECS", [5, 10], 10), ("5 sec.", [5, 10], 5),
            ("5second", [5, 10], 5), ("5 sections", [5, 10], nil), ("5s的视频", [5, 10], 5), ("5st", [5, 10], nil),
            ("1.5秒", [5, 10], nil), ("v5秒", [5, 10], nil), ("视频5秒", [5, 10], 5), ("十秒", [5, 10], nil),
            ("5\u{3000}秒", [5, 10], 5), ("00005秒", [5], nil), ("5", [5], nil), ("", [5], nil),
        ] as [(String, [Int], Int?)])
    func lengths(_ prompt: String, _ allowed: [Int], _ expected: Int?) {
        #expect(PromptHints.seconds(in: prompt, allowed: allowed) == expected)
    }

    @Test(
        "a prompt may ask for a series",
        arguments: [
            ("画3张连续的猫", 3), ("儿童绘本，小熊的一天", 4), ("一张猫的照片", nil), ("画99张猫", 15), ("讲一个故事", 4),
            ("画３张猫", 3), ("一张桌子上有2张牌", 2), ("3 张", nil), ("画0张猫", 1), ("three pictures", nil),
            ("99999999张", 15), ("", nil),
        ] as [(String, Int?)])
    func series(_ prompt: String, _ expected: Int?) {
        #expect(MultiImagePrompt.wantedCount(in: prompt) == expected)
    }

    @Test("a series has a limit of its own")
    func seriesLimit() {
        #expect(MultiImagePrompt.wantedCount(in: "画9张猫", maximum: 6) == 6)
        #expect(MultiImagePrompt.wantedCount(in: "绘本", maximum: 2) == 2)
    }
}
