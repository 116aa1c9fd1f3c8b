import GatewayCore
import HTTPTypes
import NIOCore
import WireJSON

/// The answer of `POST /v1/images/generations` (endpoints.md section 9, openai-compat.md section 3.3).
struct PictureAnswer: Sendable {
    let job: Job
    let pictures: [DeliveredPicture]
    let format: ImageResponseFormat
    /// All of them: of the resolution and of the delivery.
    let notices: [String]
    let extensionObject: JSONValue
    let created: Timestamp
    /// Whether the answer tells that pictures went in (section 10).
    var isComposition = false

    /// Notices about what came out, beside those of the request.
    static func notices(
        for job: Job, model: Model?, pictures: [DeliveredPicture]
    ) -> [String] {
        var notices: [String] = []
        if pictures.contains(where: \.keptFormat) { notices.append(Notice.parameterIgnored("output_format")) }
        if pictures.count < job.outputs.count { notices.append(Notice.countTruncated(produced: job.outputs.count)) }
        if job.state == .partial || Self.isShortSeries(job) {
            let wanted = job.task.expectedCount ?? model?.defaultCount ?? 4
            notices.append(Notice.partialResult(got: job.outputs.count, wanted: max(wanted, job.outputs.count)))
        }
        return notices
    }

    /// How many pictures a series has is the site's decision in the end.
    private static func isShortSeries(_ job: Job) -> Bool {
        switch job.task {
        case .textToImage(let task), .imageToImage(let task, _):
            task.isSeries && job.outputs.count < task.count ?? 0
        case .postEdit, .video: false
        }
    }

    /// The pictures are written straight into the buffer, so that each is held once beside it.
    func body() -> ByteBuffer {
        var buffer = ByteBuffer()
        let encoded = pictures.reduce(0) { $0 + Base64.encodedCount($1.bytes?.count ?? 0) + 512 }
        buffer.reserveCapacity(encoded + 2048)
        buffer.writeString("{\"created\":\(created.seconds),\"data\":[")
        for (index, picture) in pictures.enumerated() {
            buffer.writeString(index > 0 ? ",{" : "{")
            if format == .base64, let bytes = picture.bytes {
                buffer.writeString("\"b64_json\":\"")
                Base64.write(bytes, into: &buffer)
                buffer.writeString("\",")
                Self.writeMembers(of: ["size": .optional(picture.size?.description)], into: &buffer)
                buffer.writeString("}")
            } else {
                var members: JSONObject = ["url": .string(picture.url)]
                if let archived = picture.archivedURL { members["archived_url"] = .string(archived) }
                members["size"] = .optional(picture.size?.description)
                Self.writeMembers(of: members, into: &buffer)
                buffer.writeString("}")
            }
        }
        buffer.writeString("],")
        Self.writeMembers(of: details(), into: &buffer)
        buffer.writeString("}")
        return buffer
    }

    private func details() -> JSONObject {
        var details: JSONObject = [
            "size": .optional(pictures.first?.size?.description), "quality": .string(Self.quality(of: job)),
            "background": "opaque", "output_format": .string(pictures.first?.format ?? "webp"),
            "usage": Self.usage(of: job, pictures: pictures.count),
        ]
        if isComposition {
            details["input_images"] = .integer(Int64(job.task.inputs.count))
            details["composition_type"] = "multi_image_synthesis"
        }
        details["jimeng"] = extensionObject
        return details
    }

    /// OpenAI's word for the resolution.
    static func quality(of job: Job) -> String {
        switch job.task.resolution {
        case "1k": "low"
        case "4k": "high"
        default: "medium"
        }
    }

    static func usage(of job: Job, pictures: Int) -> JSONValue {
        let text = Int64((job.task.prompt.utf8.count + 3) / 4)
        let references = Int64(job.task.inputs.count * 85)
        let output = Int64(pictures)
        return [
            "input_tokens": .integer(text + references), "output_tokens": .integer(output),
            "total_tokens": .integer(text + references + output),
            "input_tokens_details": ["text_tokens": .integer(text), "image_tokens": .integer(references)],
            "output_tokens_details": ["text_tokens": 0, "image_tokens": .integer(output)],
        ]
    }

    /// The members of an object without its braces.
    private static func writeMembers(of object: JSONObject, into buffer: inout ByteBuffer) {
        buffer.writeBytes(JSONValue.object(object).serialized().dropFirst().dropLast())
    }
}
