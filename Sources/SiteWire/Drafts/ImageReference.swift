import WireJSON

/// An uploaded picture, as drafts name it.
package struct ImageReference: Sendable, Hashable {
    package var uri: String
    /// Pixels; 0 when unknown, which the site accepts.
    package var width: Int
    package var height: Int
    /// Such as `png`; empty when unknown, which the site accepts.
    package var format: String

    package init(uri: String, width: Int = 0, height: Int = 0, format: String = "") {
        self.uri = uri
        self.width = width
        self.height = height
        self.format = format
    }

    /// The object that stands for the picture in a draft.
    func members(id: String) -> JSONObject {
        [
            "type": "image",
            "id": .string(id),
            "source_from": "upload",
            "platform_type": 1,
            "name": "",
            "image_uri": .string(uri),
            "width": .integer(Int64(width)),
            "height": .integer(Int64(height)),
            "format": .string(format),
            "uri": .string(uri),
        ]
    }
}
