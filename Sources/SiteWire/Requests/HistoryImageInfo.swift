import WireJSON

/// The constant that tells the history call which renditions of pictures to sign (protocol page `polling.md`, 1.1).
enum HistoryImageInfo {
    static let text: [UInt8] = value.serialized()

    static let value: JSONValue = [
        "width": 2048, "height": 2048, "format": "webp",
        "image_scene_list": .array(
            [(360, 360), (480, 480), (720, 720), (720, 480), (360, 240), (240, 320), (480, 640)].map(crop)
                + [2400, 1080, 720, 480, 360].map(plain)),
    ]

    private static func crop(width: Int64, height: Int64) -> JSONValue {
        [
            "scene": "smart_crop", "width": .integer(width), "height": .integer(height),
            "uniq_key": .string("smart_crop-w:\(width)-h:\(height)"), "format": "webp",
        ]
    }

    private static func plain(side: Int64) -> JSONValue {
        [
            "scene": "normal", "width": .integer(side), "height": .integer(side), "uniq_key": .string("\(side)"),
            "format": "webp",
        ]
    }
}
