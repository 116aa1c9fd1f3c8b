import GatewayCore
import HTTPTypes
import Hummingbird
import Logging

/// `GET /media/{id}.{ext}`: kept files behind signed links, without authorization (endpoints.md section 14).
struct MediaRoutes: Sendable {
    let media: any MediaStore
    let links: MediaLinks
    let time: any TimeSource

    func add(to router: Router<GatewayRequestContext>, _ table: inout RouteTable) {
        table.add(.get, "/media/:file", to: router) { request, context in
            let query = QueryParameters(request.uri.query)
            guard let key = MediaKey(fileName: context.parameters.get("file") ?? ""),
                links.isValid(key.id, expiry: query["e"] ?? "", signature: query["s"] ?? "", now: time.now),
                let answer = try await answer(to: request, key, variant: query["variant"])
            else { throw RequestProblem(.mediaNotFound) }
            return answer
        }
    }

    /// With the file of this name, or the preview of it that `variant` names.
    private func answer(to request: Request, _ key: MediaKey, variant name: String?) async throws -> Response? {
        let headers: HTTPFields = [
            .cacheControl: "public, max-age=31536000, immutable", .contentDisposition: "inline",
        ]
        guard let name, !name.isEmpty, key.variant == .original else {
            return try await Self.response(to: request, key, from: media, headers: headers)
        }
        guard let variant = MediaVariant(name: name), variant == .thumbnail || variant == .poster else {
            throw RequestProblem.invalidValue("variant", got: name, allowed: ["thumbnail", "poster"])
        }
        for format in PictureFormat.allCases {
            let preview = MediaKey(key.id, variant, fileExtension: format.fileExtension)
            if let answer = try await Self.response(to: request, preview, from: media, headers: headers) {
                return answer
            }
        }
        return nil
    }

    /// The kept file or the range of it asked for; nil when there is none of this name. A whole file is opened at once,
    /// so that one that can't be read is not promised.
    static func response(
        to request: Request, _ key: MediaKey, from media: any MediaStore, headers: HTTPFields
    ) async throws -> Response? {
        let fields = request.headers
        guard request.method == .get, fields[.range] == nil, fields[.ifNoneMatch] == nil else {
            return try await media.find(key).map { response(to: request, file: $0, from: media, headers: headers) }
        }
        return try await media.open(key).map { kept in
            Response(
                status: .ok, headers: described(kept.file, headers),
                body: MediaStream.body(kept.body, byteCount: kept.file.byteCount))
        }
    }

    private static func described(_ file: MediaFile, _ headers: HTTPFields) -> HTTPFields {
        var headers = headers
        headers[.contentType] = file.mimeType
        headers[.eTag] = EntityTag(file).description
        headers[.acceptRanges] = "bytes"
        headers[.xContentTypeOptions] = "nosniff"
        return headers
    }

    private static func response(
        to request: Request, file: MediaFile, from media: any MediaStore, headers: HTTPFields
    ) -> Response {
        var headers = described(file, headers)
        let tag = EntityTag(file)
        if let known = request.headers[.ifNoneMatch], tag.matches(ifNoneMatch: known) {
            return Response(status: .notModified, headers: headers)
        }
        let isCurrent = request.headers[.ifRange].map { tag.matches(ifRange: $0) } ?? true
        let range = ByteRange(isCurrent ? request.headers[.range] : nil, size: file.byteCount)
        switch range {
        case .whole:
            return Response(
                status: .ok, headers: headers,
                body: MediaStream.body(media.read(file, range: 0..<file.byteCount), byteCount: file.byteCount))
        case .part(let part):
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(file.byteCount)"
            let count = part.upperBound - part.lowerBound
            return Response(
                status: .partialContent, headers: headers,
                body: MediaStream.body(media.read(file, range: part), byteCount: count))
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(file.byteCount)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
    }
}

extension GatewayServices {
    /// A kept file for which there is something else in its place: nil also when the store does not answer.
    /// - Throws: `CancellationError`.
    func kept(_ key: MediaKey) async throws -> MediaFile? {
        try await ifAnswered(key) { try await media.find(key) }
    }

    /// The answer with such a file.
    /// - Throws: `CancellationError`.
    func kept(_ key: MediaKey, for request: Request, headers: HTTPFields) async throws -> Response? {
        try await ifAnswered(key) {
            try await MediaRoutes.response(to: request, key, from: media, headers: headers)
        }
    }

    private func ifAnswered<Value>(_ key: MediaKey, _ body: () async throws -> Value?) async throws -> Value? {
        do {
            return try await body()
        } catch {
            try Task.checkCancellation()
            logger.warning("kept file not found out", metadata: ["media.file": "\(key)", "error": "\(error)"])
            return nil
        }
    }
}

/// Files on their way out.
enum MediaStream {
    /// Without a known `byteCount` the answer is chunked.
    static func body(_ bytes: MediaBody, byteCount: Int64?) -> ResponseBody {
        ResponseBody(contentLength: byteCount.map { Int($0) }) { writer in
            for try await chunk in bytes { try await writer.write(ByteBuffer(bytes: chunk)) }
            try await writer.finish(nil)
        }
    }
}
