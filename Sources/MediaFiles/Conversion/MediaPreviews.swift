package import GatewayCore
package import Pictures

/// Thumbnails of pictures by the picture worker, posters of videos by ffmpeg.
package struct MediaPreviews: PreviewMaker {
    /// The longest side of a poster, in pixels.
    private static let posterSide = 1280

    private let pictures: PictureWorker
    private let frames: VideoFrameWorker
    private let spool: MediaSpool

    /// `spool`: where videos that lie elsewhere are copied to while they are looked at.
    package init(pictures: PictureWorker, frames: VideoFrameWorker, spool: MediaSpool) {
        self.pictures = pictures
        self.frames = frames
        self.spool = spool
    }

    package func previews(of media: StoredMedia, in store: any MediaStore) async throws -> [MadePreview] {
        switch MediaType(rawValue: media.fileExtension) {
        case .webp, .png, .jpg, .gif:
            if let width = media.width, let height = media.height, max(width, height) <= StoredMedia.thumbnailSide {
                return []
            }
            return [try await thumbnail(of: try await bytes(of: media, in: store))]
        case .mp4, .mov:
            return try await stills(of: media, .mov, in: store)
        case .webm:
            return try await stills(of: media, .matroska, in: store)
        case .unknown, nil:
            return []
        }
    }

    private func thumbnail(of picture: [UInt8]) async throws -> MadePreview {
        do {
            let bytes = try await pictures.thumbnail(picture, longestSide: StoredMedia.thumbnailSide)
            return Self.preview(.thumbnail, .webp, bytes)
        } catch let error as PictureError {
            throw MediaFault(pictures: error)
        }
    }

    /// The poster, and its thumbnail where pictures can be scaled.
    private func stills(
        of media: StoredMedia, _ container: VideoFrameWorker.Container, in store: any MediaStore
    ) async throws -> [MadePreview] {
        let poster: [UInt8]
        do {
            poster = try await frame(of: media, container, in: store)
        } catch let error as PictureError {
            throw MediaFault(pictures: error)
        }
        let still = Self.preview(.poster, .jpeg, poster)
        do {
            return [try await thumbnail(of: poster), still]
        } catch is MediaFault {
            return [still]
        }
    }

    private func frame(
        of media: StoredMedia, _ container: VideoFrameWorker.Container, in store: any MediaStore
    ) async throws -> [UInt8] {
        guard let kept = try await store.open(media.key) else { throw MediaFault(.unavailable) }
        if let path = store.localPath(of: kept.file) {
            return try await frames.firstFrame(of: path, container, longestSide: Self.posterSide)
        }
        let copy = try await spool.take(kept.body, limit: kept.file.byteCount)
        do {
            let frame = try await frames.firstFrame(of: copy.path, container, longestSide: Self.posterSide)
            await spool.discard(copy)
            return frame
        } catch {
            await spool.discard(copy)
            throw error
        }
    }

    private func bytes(of media: StoredMedia, in store: any MediaStore) async throws -> [UInt8] {
        guard let kept = try await store.open(media.key) else { throw MediaFault(.unavailable) }
        guard kept.file.byteCount <= Int64(PictureLimits.inputBytes) else { throw MediaFault(.tooLarge) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(kept.file.byteCount))
        for try await chunk in kept.body { bytes += chunk }
        return bytes
    }

    private static func preview(
        _ variant: MediaVariant, _ format: GatewayCore.PictureFormat, _ bytes: [UInt8]
    ) -> MadePreview {
        let header = PictureHeader(bytes)
        return MadePreview(
            variant: variant, format: format, bytes: bytes, width: header?.width, height: header?.height)
    }
}
