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
            let (id, fileExtension) = try name(context.parameters.get("file") ?? "")
            let query = QueryParameters(request.uri.query)
            guard
                links.isValid(id, expiry: query["e"] ?? "", signature: query["s"] ?? "", now: time.now),
                let file = try await media.find(id, fileExtension: fileExtension)
            else { throw RequestProblem(.mediaNotFound) }
            return Self.response(
                to: request, file: file, from: media,
                headers: [.cacheControl: "public, max-age=31536000, immutable", .contentDisposition: "inline"])
        }
    }

    /// Only names this gateway could have made reach the store.
    private func name(_ file: String) throws(RequestProblem) -> (MediaID, String) {
        let parts = file.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, (1...5).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) })
        else { throw RequestProblem(.mediaNotFound) }
        let id = MediaID(rawValue: String(parts[0]))
        guard id.createdAt != nil else { throw RequestProblem(.mediaNotFound) }
        return (id, String(parts[1]))
    }

    /// The file or the range asked for. A name is never used twice, so that it is the entity tag.
    static func response(
        to request: Request, file: MediaFile, from media: any MediaStore, headers: HTTPFields
    ) -> Response {
        var headers = headers
        let tag = "\"\(file.id.rawValue)\""
        headers[.contentType] = file.mimeType
        headers[.eTag] = tag
        headers[.acceptRanges] = "bytes"
        headers[.xContentTypeOptions] = "nosniff"
        if let known = request.headers[.ifNoneMatch], known == "*" || known.contains(tag) {
            return Response(status: .notModified, headers: headers)
        }
        let isCurrent = request.headers[.ifRange].map { $0 == tag } ?? true
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
