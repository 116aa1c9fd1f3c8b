import CPicture

/// Does the work in the worker process, by libvips. Not for the server process: it would map the library there.
struct PictureEngine {
    func perform(_ request: PictureRequest) -> PictureAnswer {
        do throws(PictureError) {
            try request.validate()
        } catch {
            if case .refused(let reason) = error { return .refused(reason) }
            return .refused(.unreadable)
        }
        guard cpicture_open() == Int32(CPICTURE_OK) else { return .libraryMissing }
        var result = cpicture_bytes()
        defer { cpicture_free(&result) }
        let output = cpicture_output(
            format: request.format.vipsFormat, quality: Int32(request.quality), effort: Int32(request.effort))
        let limit = Int64(PictureLimits.pixels)
        let code = request.input.withUnsafeBytes { input in
            switch request.work {
            case .probe:
                Int32(CPICTURE_OK)
            case .render:
                cpicture_render_svg(
                    input.baseAddress, input.count, Int32(request.width), Int32(request.height), output, &result)
            case .convert:
                cpicture_convert(input.baseAddress, input.count, limit, output, &result)
            case .thumbnail:
                cpicture_thumbnail(input.baseAddress, input.count, Int32(request.width), limit, output, &result)
            }
        }
        guard code == Int32(CPICTURE_OK) else { return Self.answer(to: code) }
        if request.work == .probe { return .done(Array(Self.versionText.utf8)) }
        let bytes = UnsafeRawBufferPointer(start: result.bytes, count: result.length)
        guard bytes.count <= PictureLimits.outputBytes else { return .refused(.tooLarge) }
        return .done(Array(bytes))
    }

    private static var versionText: String {
        let version = cpicture_version()
        return "\(version / 1_000_000).\(version / 1000 % 1000).\(version % 1000)"
    }

    private static func answer(to code: Int32) -> PictureAnswer {
        switch code {
        case Int32(CPICTURE_LIBRARY_MISSING): .libraryMissing
        case Int32(CPICTURE_TOO_LARGE): .refused(.tooLarge)
        case Int32(CPICTURE_NOT_WRITTEN): .refused(.notWritten)
        default: .refused(.unreadable)
        }
    }
}

extension PictureFormat {
    fileprivate var vipsFormat: Int32 {
        switch self {
        case .webp: Int32(CPICTURE_WEBP)
        case .png: Int32(CPICTURE_PNG)
        case .jpeg: Int32(CPICTURE_JPEG)
        }
    }
}
