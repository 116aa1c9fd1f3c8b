import AsyncHTTPClient
package import GatewayCore
import NIOCore
import NIOHTTP1
import SiteWire

extension SiteUpstream {
    package func freshLink(
        for output: RemoteOutput, as account: AccountCredential
    ) async throws(GenerationFault) -> String? {
        guard let uri = output.uri, uri.utf8.count <= 512 else { return nil }
        let caller = try caller(for: account)
        let isVideo = output.format == "mp4" || !uri.contains("/")
        let answer = try await transport.read(as: account) {
            isVideo
                ? caller.videos(byID: [uri], at: Self.unixSeconds) : caller.images(byURI: [uri], at: Self.unixSeconds)
        }
        let envelope = try Self.open(answer, context: .read)
        return isVideo
            ? VideoIDReply(envelope, asked: [uri]).urls[uri] : ImageURIReply(envelope, asked: [uri]).pictures[uri]?.url
    }

    package func bestLink(
        for output: RemoteOutput, as account: AccountCredential
    ) async throws(GenerationFault) -> String? {
        guard let itemID = output.itemID, itemID.utf8.count <= 64 else { return nil }
        let caller = try caller(for: account)
        let policy = SiteTransport.Policy(deadline: .seconds(15), pauses: [.seconds(1)], limit: 8 << 20)
        let answer = try await transport.read(as: account, policy: policy) {
            caller.localItems(ids: [itemID], at: Self.unixSeconds)
        }
        return LocalItemReply(try Self.open(answer, context: .read), itemID: itemID).url
    }

    /// Opens a result. The link comes from the site's answer and is still not trusted: only http(s), never a private
    /// address of the real site's links, no redirects, no cookies; size and silence are bounded by the reader and the
    /// client.
    package func download(
        _ url: String, as account: AccountCredential
    ) async throws(GenerationFault) -> RemoteFile {
        guard isAllowed(url, for: account) else { throw GenerationFault(.resultDownloadFailed) }
        let client = try await client(for: account)
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "Accept", value: "*/*")
        request.headers.add(name: "User-Agent", value: "Mozilla/5.0")
        let outgoing = request
        let start = ContinuousClock.now
        let response: HTTPClientResponse
        do {
            response = try await withDeadline(.seconds(30)) {
                try await client.execute(outgoing, deadline: .distantFuture, logger: nil)
            }
        } catch {
            metrics.ended(.download, as: account, .lost, after: .now - start)
            throw GenerationFault(.resultDownloadFailed)
        }
        metrics.ended(
            .download, as: account, SiteMetrics.Outcome(status: Int(response.status.code)), after: .now - start)
        guard response.status == .ok else {
            throw GenerationFault(.resultDownloadFailed, httpStatus: Int(response.status.code))
        }
        return RemoteFile(
            byteCount: response.headers.first(name: "content-length").flatMap { Int64($0) },
            mimeType: response.headers.first(name: "content-type"),
            body: DownloadBody(body: response.body, limit: 1 << 30))
    }

    /// Whether a link of the site may be followed: https to a named host on the real site; anything http(s) under a
    /// replaced base, which is the operator's own choice; only the sandbox itself for a sandbox account.
    private func isAllowed(_ url: String, for account: AccountCredential) -> Bool {
        guard url.utf8.count <= 8192 else { return false }
        if account.isSandbox { return transport.sandboxBase.map { url.hasPrefix($0.text + "/") } ?? false }
        if configuration.upstreamBase != nil { return url.hasPrefix("https://") || url.hasPrefix("http://") }
        guard url.hasPrefix("https://") else { return false }
        let authority = url.dropFirst("https://".count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.split(separator: ":").first.map { $0.lowercased() } ?? ""
        let isName = host.contains(".") && host.contains { $0.isLetter } && !host.hasPrefix("[")
        return isName && !authority.contains("@") && !host.hasSuffix(".localhost") && !host.hasSuffix(".local")
            && !host.hasSuffix(".internal")
    }
}
