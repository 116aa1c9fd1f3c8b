import GatewayCore
import Logging

/// One picture of an answer.
struct DeliveredPicture: Sendable {
    var url: String
    var archivedURL: String?
    /// The file itself, for `b64_json`.
    var bytes: [UInt8]?
    var size: PixelSize?
    /// `webp`, `png`, `jpeg`.
    var format: String
    /// The wished-for format could not be had.
    var keptFormat = false
}

/// Fetches, converts and links the pictures of a finished generation.
struct PictureDelivery: Sendable {
    /// What the client wants of the pictures.
    struct Wish: Sendable {
        var needsBytes: Bool
        var format: PictureFormat?
        /// 1...100.
        var quality: Int
        /// At most this many; nil = all.
        var count: Int?
        /// `http://host:port` for links to here.
        var origin: String
    }

    let services: Boxed<GatewayServices>
    let links: MediaLinks
    /// Most bytes of one picture.
    let limit: Int

    /// - Throws: ``GenerationFault`` `result_download_failed` when bytes are needed and can't be had.
    func pictures(of job: Job, _ wish: Wish) async throws -> [DeliveredPicture] {
        let count = min(job.outputs.count, wish.count ?? job.outputs.count)
        let needsBytes = wish.needsBytes || (0..<count).contains { needsConversion(job.outputs[$0], wish) }
        guard needsBytes else { return (0..<count).map { linked(job.outputs[$0], of: job, wish) } }
        return try await withThrowingTaskGroup(of: (Int, DeliveredPicture).self) { group in
            for index in 0..<count { group.addTask { (index, try await picture(index, of: job, wish)) } }
            var pictures: [Int: DeliveredPicture] = [:]
            for try await (index, picture) in group { pictures[index] = picture }
            return pictures.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    private func linked(_ output: GenerationOutput, of job: Job, _ wish: Wish) -> DeliveredPicture {
        let format = Self.format(output.stored?.fileExtension ?? output.remote.format)
        return DeliveredPicture(
            url: links.url(of: output, origin: wish.origin),
            archivedURL: links.archivedURL(of: output, origin: wish.origin), size: Self.size(of: output, in: job),
            format: format, keptFormat: wish.format.map { $0.rawValue != format } ?? false)
    }

    /// A link can only lead to a converted file when it leads here.
    private func needsConversion(_ output: GenerationOutput, _ wish: Wish) -> Bool {
        guard let format = wish.format, services.converter != nil else { return false }
        return links.leadsHere && output.stored != nil && Self.format(output.stored?.fileExtension) != format.rawValue
    }

    private func picture(_ index: Int, of job: Job, _ wish: Wish) async throws -> DeliveredPicture {
        let output = job.outputs[index]
        let files = ResultFiles(services: services)
        var picture = linked(output, of: job, wish)
        guard wish.needsBytes || needsConversion(output, wish) else { return picture }
        if let format = wish.format, let made = try await made(from: output, format, wish) {
            picture.format = format.rawValue
            picture.keptFormat = false
            picture.url = links.leadsHere ? links.link(to: made.file.key, origin: wish.origin) : picture.url
            picture.bytes = made.bytes
            return picture
        }
        var bytes = try await files.bytes(of: job, output: index, limit: limit)
        picture.format = Self.sniffed(bytes) ?? picture.format
        picture.keptFormat = wish.format.map { $0.rawValue != picture.format } ?? false
        if let format = wish.format, picture.keptFormat, let converted = await convert(bytes, to: format, wish.quality)
        {
            if wish.needsBytes {
                bytes = converted
            } else if let key = try await keep(converted, madeFrom: output, format, wish) {
                picture.url = links.link(to: key, origin: wish.origin)
            } else {
                return picture
            }
            picture.format = format.rawValue
            picture.keptFormat = false
        }
        if wish.needsBytes { picture.bytes = bytes }
        return picture
    }

    /// What an earlier request had made of the picture, with its bytes where they are wished for; nil when there is
    /// nothing, or it can't be had now.
    private func made(
        from output: GenerationOutput, _ format: PictureFormat, _ wish: Wish
    ) async throws -> (file: MediaFile, bytes: [UInt8]?)? {
        guard let stored = output.stored, Self.format(stored.fileExtension) != format.rawValue,
            let file = try await services.value.kept(Self.key(of: stored, as: format, wish.quality)),
            file.byteCount <= Int64(limit)
        else { return nil }
        guard wish.needsBytes else { return (file, nil) }
        do {
            let bytes = try await ResultFiles(services: services).collect(
                services.media.read(file, range: 0..<file.byteCount), byteCount: file.byteCount, limit: limit)
            return (file, bytes)
        } catch {
            try Task.checkCancellation()
            return nil
        }
    }

    /// Keeps what was made of a picture, so that a link can lead to it; nil when the store does not take it now. The
    /// picture itself is paid for, and goes out either way.
    private func keep(
        _ bytes: [UInt8], madeFrom output: GenerationOutput, _ format: PictureFormat, _ wish: Wish
    ) async throws -> MediaKey? {
        guard let stored = output.stored else { return nil }
        let key = Self.key(of: stored, as: format, wish.quality)
        do {
            try await services.media.keep(bytes, as: key)
            try await services.mediaIndex?.addMadeBytes(Int64(bytes.count), to: stored.id)
            return key
        } catch {
            try Task.checkCancellation()
            services.logger.warning(
                "converted picture not kept", metadata: ["media.id": "\(stored.id)", "error": "\(error)"])
            return nil
        }
    }

    /// A PNG has no quality.
    private static func key(of stored: StoredMedia, as format: PictureFormat, _ quality: Int) -> MediaKey {
        MediaKey(
            stored.id, .converted(quality: format == .png ? 100 : quality), fileExtension: format.fileExtension)
    }

    /// nil when this machine or this file does not allow it; the original then has to do.
    private func convert(_ bytes: [UInt8], to format: PictureFormat, _ quality: Int) async -> [UInt8]? {
        guard let converter = services.converter else { return nil }
        do {
            return try await converter.convert(bytes, to: format, quality: quality)
        } catch {
            services.logger.warning(
                "picture not converted",
                metadata: ["picture.format": "\(format.rawValue)", "error": "\(type(of: error))"])
            return nil
        }
    }

    static func size(of output: GenerationOutput, in job: Job) -> PixelSize? {
        if let width = output.stored?.width ?? output.remote.width,
            let height = output.stored?.height ?? output.remote.height
        {
            return PixelSize(width: width, height: height)
        }
        return job.task.size
    }

    /// `jpg` is `jpeg`; unknown is what the site delivers.
    static func format(_ name: String?) -> String {
        switch name?.lowercased() {
        case "jpg", "jpeg": "jpeg"
        case "png": "png"
        case "gif": "gif"
        default: "webp"
        }
    }

    /// By the file's first bytes.
    static func sniffed(_ bytes: [UInt8]) -> String? {
        PictureFormat(sniffing: bytes)?.rawValue ?? (bytes.starts(with: "GIF8".utf8) ? "gif" : nil)
    }
}
