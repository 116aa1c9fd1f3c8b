import Crypto
package import GatewayCore
import Logging
import MediaFiles
import NIOHTTP1

extension MediaBucket {
    /// Writes a file to its place, or renews the time of the one that is there.
    func put(_ file: SpooledMedia, _ media: StoredMedia, as path: String) async throws {
        if let known = try await look(at: path), known.byteCount == media.byteCount {
            do {
                _ = try await transport.send(.renew(path, in: configuration, media))
                return
            } catch let problem as S3Problem where !problem.mayPass {
                // Gone meanwhile by another hand, or a bucket that copies nothing onto itself: written anew.
            }
        }
        if media.byteCount <= configuration.partSize {
            _ = try await transport.send(
                .write(spool.body(of: file, 0..<media.byteCount), sha256: media.sha256, as: path, media))
        } else {
            try await uploadInParts(file, media, as: path)
        }
    }

    private func uploadInParts(_ file: SpooledMedia, _ media: StoredMedia, as path: String) async throws {
        let begun = try await transport.send(.beginUpload(path, media)).document
        guard let upload = begun.first("UploadId"), !upload.isEmpty else { throw S3Problem(.senseless) }
        do {
            var tags: [String] = []
            // S3 takes ten thousand parts.
            let partSize = max(configuration.partSize, media.byteCount / 9_999 + 1)
            for start in stride(from: 0, to: media.byteCount, by: Int64.Stride(partSize)) {
                let range = start..<min(start + partSize, media.byteCount)
                let answer = try await transport.send(
                    .uploadPart(
                        tags.count + 1, of: upload, path, spool.body(of: file, range),
                        sha256: try await spool.sha256(of: file, range)))
                guard let tag = answer.headers.first(name: "etag") else { throw S3Problem(.senseless) }
                tags.append(tag)
            }
            try await finish(upload, tags, media, as: path)
        } catch {
            await abort(upload, path)
            throw error
        }
    }

    /// A finish whose answer was lost may have happened: then the object is there, as new as it should be.
    private func finish(_ upload: String, _ tags: [String], _ media: StoredMedia, as path: String) async throws {
        do {
            _ = try await transport.send(.finishUpload(upload, path, tags: tags))
        } catch let problem as S3Problem {
            let found = try await look(at: path)
            guard found == Found(byteCount: media.byteCount, keptAt: media.createdAt) else { throw problem }
        }
    }

    /// In a task of its own that is awaited on the spot, because the caller may be cancelled already: parts that nobody
    /// finishes cost money until somebody aborts them.
    private func abort(_ upload: String, _ path: String) async {
        await Task { await abortNow(upload, path) }.value
    }

    private func abortNow(_ upload: String, _ path: String) async {
        do {
            _ = try await transport.send(.abortUpload(upload, path))
        } catch let problem as S3Problem where problem.isMissing {
            return
        } catch {
            logger.warning("an unfinished upload is left to the next sweep", metadata: ["error": "\(error)"])
        }
    }

    // MARK: - Sweeping

    /// Uploads older than this have no writer any more.
    private static let abandonedAfter: Duration = .seconds(86_400)

    /// Takes back what a crash left: local files older than an hour, unfinished uploads older than a day. To be called at
    /// start; says in the log whether the bucket can be used at all.
    /// - Throws: ``MediaFault`` of kind `unavailable`, `CancellationError`.
    package func sweep(now: Timestamp) async throws {
        _ = try await spool.sweep(now: now)
        let oldest = S3Time.text(of: now + (.zero - Self.abandonedAfter))
        let folder = configuration.prefix + "sha256/"
        do {
            let list = try await transport.send(
                S3Request(method: .get, query: [S3Field("uploads", ""), S3Field("prefix", folder)])
            ).document
            for upload in list.elements("Upload") {
                guard let id = upload.first("UploadId"), let path = upload.first("Key"), path.hasPrefix(folder),
                    let begun = upload.first("Initiated"), begun.prefix(oldest.count) < oldest
                else { continue }
                await abortNow(id, path)
            }
        } catch let problem as S3Problem {
            throw MediaFault(.unavailable, cause: problem)
        }
    }
}

extension MediaSpool {
    fileprivate func body(of file: SpooledMedia, _ range: Range<Int64>) -> S3Request.Body {
        .stream(byteCount: range.upperBound - range.lowerBound) { BodyBuffers(body: read(file, range: range)) }
    }

    /// Of a part, read from the disk again rather than held in memory.
    fileprivate func sha256(of file: SpooledMedia, _ range: Range<Int64>) async throws -> String {
        var hash = SHA256()
        for try await chunk in read(file, range: range) { hash.update(data: chunk) }
        return S3Signer.hexadecimal(hash.finalize())
    }
}
