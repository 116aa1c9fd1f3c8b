package import WireJSON

/// What every answer of the web API and the commerce API is wrapped in (protocol page `transport.md`, section 7).
package struct SiteEnvelope: Sendable {
    /// `ret` as trimmed text; nil when it is missing or empty, as passport and audit answers have it.
    package var ret: String?
    /// `errmsg`, `message` or `msg`: the site's words, not for logs.
    package var message: String?
    package var logID: String?
    /// The content: `data`, or for commerce answers without it the decoded `response`, or the whole body when there is
    /// no `ret`.
    package var payload: JSONValue
    /// The whole body, for the few answers that keep content beside `data`.
    package var body: JSONValue

    /// The site's own clock in Unix seconds, where the answer tells it.
    package var serverTime: Int64? { SiteTime.unixSeconds(body["svr_time"] ?? body["systime"]) }

    package var isSuccess: Bool { ret == nil || ret == "0" }

    package init(_ body: JSONValue) {
        self.body = body
        ret = body["ret"]?.looseText
        message = ["errmsg", "message", "msg"].lazy.compactMap { body[$0]?.looseText }.first
        logID = SafeText.identifier(body["logid"]?.looseText ?? body["log_id"]?.looseText)
        payload = Self.payload(of: body)
    }

    /// Opens an answer: reads HTTP status, JSON and `ret`. Throws the fault the answer amounts to; returns only
    /// successes. The caller has bounded the body's size.
    package static func open(
        status: Int, body: UnsafeRawBufferPointer, context: SiteCallContext, media: SiteMedia = .image
    ) throws(SiteFault) -> SiteEnvelope {
        guard let value = try? JSONValue.parse(body), value.object != nil else {
            if status >= 400 { throw SiteFault.http(status: status, bodyStart: body.prefix(4_096), context: context) }
            throw SiteFault(kind: .invalidResponse, context: context)
        }
        let envelope = SiteEnvelope(value)
        guard envelope.isSuccess else { throw envelope.fault(context: context, media: media) }
        guard status < 400 else {
            throw SiteFault.http(status: status, bodyStart: body.prefix(4_096), context: context)
        }
        return envelope
    }

    /// As the form for raw buffers.
    package static func open(
        status: Int, body: [UInt8], context: SiteCallContext, media: SiteMedia = .image
    ) throws(SiteFault) -> SiteEnvelope {
        let result = body.withUnsafeBytes { buffer in
            Result { () throws(SiteFault) in
                try open(status: status, body: buffer, context: context, media: media)
            }
        }
        return try result.get()
    }

    /// The refusal this envelope holds; meaningful when `ret` is not 0.
    package func fault(context: SiteCallContext, media: SiteMedia = .image) -> SiteFault {
        let data = body["data"]
        return SiteFault.refusal(
            SiteFault.Evidence(
                ret: ret, failCode: data?["fail_code"]?.looseText,
                starlingKey: data?["fail_starling_key"]?.looseText,
                texts: [message, data?["fail_starling_message"]?.looseText, data?["fail_msg"]?.looseText]
                    .compactMap(\.self),
                logID: logID),
            context: context, media: media)
    }

    private static func payload(of body: JSONValue) -> JSONValue {
        if let data = body["data"], hasContent(data) { return data }
        if let text = body["response"]?.string, let decoded = try? JSONValue.parse(text), hasContent(decoded) {
            return decoded
        }
        if body["ret"]?.looseText == nil, body["data"] == nil { return body }
        return body["data"] ?? .null
    }

    private static func hasContent(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let members): !members.isEmpty
        case .array(let elements): !elements.isEmpty
        default: false
        }
    }
}
