/// The fields of a request for after-editing as the client sent them. nil = absent.
package struct PostEditRequest: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case upscale, outpaint
    }

    package var kind: Kind
    /// `standard` or `smart`, for upscaling.
    package var mode: String?
    package var resolution: String?
    package var originalStrength: Double?
    package var detailStrength: Double?
    package var top: Double?
    package var bottom: Double?
    package var left: Double?
    package var right: Double?
    package var ratio: String?
    package var count: Int?
    package var responseFormat: String?
    /// How the client spelt a field, by canonical name, where it differs; used for the `param` of errors.
    package var spellings: [String: String] = [:]

    package init(_ kind: Kind) {
        self.kind = kind
    }

    private func spelling(_ name: String) -> String { spellings[name] ?? name }
}

/// What is to be done to a picture, decided as far as that is possible before its size is known.
package struct ResolvedPostEdit: Hashable, Sendable {
    package var notices: [String]
    package var responseFormat: ImageResponseFormat
    package var answeredCount: Int?

    private enum Plan: Hashable {
        case tool(PostEditTask.Tool)
        case outpaint(toRatio: Double, param: String)
    }

    private let plan: Plan
    private let count: Int?
}

extension ResolvedPostEdit {
    static let modes = ["standard", "smart"]
    static let resolutions = ["2k", "4k"]
    static let usualStrength = 0.65
    static let mostOutpaintings = 4

    /// Throws: `invalid_value`, `value_out_of_range`, `unsupported_ratio`, `missing_required_parameter`.
    package init(_ request: PostEditRequest) throws(RequestProblem) {
        notices = []
        count = try Self.count(request, &notices)
        answeredCount = request.kind == .outpaint ? count : 1
        switch request.kind {
        case .upscale: plan = .tool(try Self.upscale(request, &notices))
        case .outpaint: plan = try Self.outpaint(request)
        }
        responseFormat = .url
        if let text = request.responseFormat, !text.isEmpty {
            guard let format = ImageResponseFormat(rawValue: text) else {
                throw .invalidValue(
                    "response_format", got: text, allowed: ImageResponseFormat.allCases.map(\.rawValue))
            }
            responseFormat = format
        }
    }

    /// The task on a picture of this size.
    /// Throws: `value_out_of_range` when a ratio would take more than the picture's own width or height on a side,
    ///   `unsupported_parameter` when its size is unknown and a ratio was asked for.
    package func task(on source: PostEditTask.Source, size: PixelSize?) throws(RequestProblem) -> PostEditTask {
        switch plan {
        case .tool(let tool): return PostEditTask(tool: tool, source: source, size: size, count: count)
        case .outpaint(let ratio, let param):
            guard let size, size.width > 0, size.height > 0 else {
                throw .unsupported(
                    param, english: "The size of the picture is unknown; say top, bottom, left and right.",
                    chinese: "无法得知图片尺寸，请改用 top、bottom、left、right。")
            }
            let growth = ratio / (Double(size.width) / Double(size.height))
            // Half of what is missing goes to each of two sides.
            let margin = ((growth >= 1 ? growth : 1 / growth) - 1) / 2
            guard margin <= 1 else {
                throw .outOfRange(param, from: "1/3", to: "3", got: "\((growth * 100).rounded() / 100)")
            }
            let tool: PostEditTask.Tool =
                growth >= 1
                ? .outpaint(top: 0, bottom: 0, left: margin, right: margin)
                : .outpaint(top: margin, bottom: margin, left: 0, right: 0)
            return PostEditTask(tool: tool, source: source, size: size, count: count)
        }
    }

    private static func count(_ request: PostEditRequest, _ notices: inout [String]) throws(RequestProblem) -> Int? {
        let maximum = request.kind == .outpaint ? mostOutpaintings : 1
        guard let count = request.count else { return request.kind == .outpaint ? 1 : nil }
        guard (1...maximum).contains(count) else { throw .outOfRange("n", 1...maximum, got: count) }
        return request.kind == .outpaint ? count : nil
    }

    private static func upscale(
        _ request: PostEditRequest, _ notices: inout [String]
    ) throws(RequestProblem) -> PostEditTask.Tool {
        let mode = request.mode.map { $0.trimmingBlanks().lowercased() } ?? ""
        guard mode.isEmpty || modes.contains(mode) else {
            throw .invalidValue("mode", got: request.mode ?? "", allowed: modes)
        }
        var resolution = request.resolution.map { $0.trimmingBlanks().lowercased() } ?? ""
        guard resolution.isEmpty || resolutions.contains(resolution) else {
            throw .invalidValue("resolution", got: request.resolution ?? "", allowed: resolutions)
        }
        let original = try strength(request.originalStrength, "original_strength", request)
        let detail = try strength(request.detailStrength, "detail_strength", request)
        guard mode == "smart" else {
            if !resolution.isEmpty { notices.append(Notice.parameterIgnored("resolution")) }
            if original != nil { notices.append(Notice.parameterIgnored("original_strength")) }
            if detail != nil { notices.append(Notice.parameterIgnored("detail_strength")) }
            return .upscale
        }
        if resolution.isEmpty { resolution = "2k" }
        return .smartUpscale(
            resolution: resolution, originalStrength: original ?? usualStrength,
            detailStrength: detail ?? usualStrength)
    }

    private static func strength(
        _ value: Double?, _ name: String, _ request: PostEditRequest
    ) throws(RequestProblem) -> Double? {
        guard let value else { return nil }
        guard value >= 0, value <= 1 else {
            throw .outOfRange(request.spellings[name] ?? name, from: "0", to: "1", got: "\(value)")
        }
        return value
    }

    private static func outpaint(_ request: PostEditRequest) throws(RequestProblem) -> Plan {
        let top = try strength(request.top, "top", request) ?? 0
        let bottom = try strength(request.bottom, "bottom", request) ?? 0
        let left = try strength(request.left, "left", request) ?? 0
        let right = try strength(request.right, "right", request) ?? 0
        if top + bottom + left + right > 0 {
            return .tool(.outpaint(top: top, bottom: bottom, left: left, right: right))
        }
        let field = request.spellings["ratio"] ?? "ratio"
        guard let text = request.ratio?.filter({ !$0.isWhitespace }), !text.isEmpty else { throw .missing(field) }
        guard let ratio = AspectRatio(rawValue: String(text.prefix(16))) else {
            throw .invalidValue(field, got: text, allowed: AspectRatio.allCases.map(\.rawValue))
        }
        return .outpaint(toRatio: ratio.value, param: field)
    }
}
