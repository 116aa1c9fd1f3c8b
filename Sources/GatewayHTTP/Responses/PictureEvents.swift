import GatewayCore
import NIOCore
import WireJSON

/// The events of a streamed answer (openai-compat.md section 5).
enum PictureEvents {
    static let keepAlive = ByteBuffer(string: ": keep-alive\n\n")

    /// One completed picture. Only the last one carries the usage; earlier ones have zeros.
    /// `family`: `image_generation` or `image_edit`.
    static func completed(
        _ picture: DeliveredPicture, of job: Job, family: String = "image_generation", pictures: Int?, withURL: Bool,
        at now: Timestamp
    ) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(Base64.encodedCount(picture.bytes?.count ?? 0) + 1024)
        let type = "\(family).completed"
        buffer.writeString("event: \(type)\ndata: {\"type\":\"\(type)\",\"b64_json\":\"")
        Base64.write(picture.bytes ?? [], into: &buffer)
        var rest: JSONObject = [
            "created_at": .integer(now.seconds), "size": .optional(picture.size?.description),
            "quality": .string(PictureAnswer.quality(of: job)), "background": "opaque",
            "output_format": .string(picture.format),
            "usage": pictures.map { PictureAnswer.usage(of: job, pictures: $0) } ?? Self.noUsage,
        ]
        if withURL { rest["url"] = .string(picture.url) }
        buffer.writeString("\",")
        buffer.writeBytes(JSONValue.object(rest).serialized().dropFirst())
        buffer.writeString("\n\n")
        return buffer
    }

    /// `error` as the error object of an ordinary answer has it.
    static func failed(_ error: JSONValue) -> ByteBuffer {
        let data: JSONValue = ["type": "error", "error": error]
        return ByteBuffer(string: "event: error\ndata: \(data.serializedString())\n\n")
    }

    private static let noUsage: JSONValue = [
        "input_tokens": 0, "output_tokens": 0, "total_tokens": 0,
        "input_tokens_details": ["text_tokens": 0, "image_tokens": 0],
        "output_tokens_details": ["text_tokens": 0, "image_tokens": 0],
    ]
}
