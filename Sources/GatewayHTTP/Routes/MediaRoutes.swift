import GatewayCore
import HTTPTypes
import Hummingbird

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
                let file = try await find(key, variant: query["variant"])
            else { throw RequestProblem(.mediaNotFound) }
            return Self.response(
                to: request, file: file, from: media,
                headers: [.cacheControl: "public, max-age=31536000, immutable", .contentDisposition: "inline"])
        }
    }

    /// The file of this name, or the preview of it that `variant` names.
    private func find(_ key: MediaKey, variant name: String?) async throws -> MediaFile? {
        guard let name, !name.isEmpty, key.variant == .original else { return try await media.find(key) }
        guard let variant = MediaVariant(name: name), variant == .thumbnail || variant == .poster else {
            throw RequestProblem.invalidValue("variant", got: name, allowed: ["thumbnail", "poster"])
        }
        for format in PictureFormat.allCases {
            let preview = MediaKey(key.id, variant, fileExtension: format.fileExtension)
            if let file = try await media.find(preview) { return file }
        }
        return nil
    }

    /// The file or the range asked for.
    static func response(
        to request: Request, file: MediaFile, from media: any MediaStore, headers: HTTPFields
    ) -> Response {
        var headers = headers
        let tag = EntityTag(file)
        headers[.contentType] = file.mimeType
        headers[.eTag] = tag.description
        headers[.acceptRanges] = "bytes"
        headers[.xContentTypeOptions] = "nosniff"
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
