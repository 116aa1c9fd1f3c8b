package import GatewayCore

extension InputMaterial {
    /// Materials of different `number` differ in id and bytes.
    package static func sample(
        _ number: Int = 1, kind: MaterialKind = .image, width: Int? = 1024, height: Int? = 768, seconds: Int? = nil
    ) -> InputMaterial {
        let (mimeType, fileExtension) =
            switch kind {
            case .image: ("image/png", "png")
            case .video: ("video/mp4", "mp4")
            case .audio: ("audio/mpeg", "mp3")
            }
        return InputMaterial(
            id: "input_sample\(number)", kind: kind, byteCount: 100, sha256: "sum\(number)", crc32: 0,
            mimeType: mimeType, fileExtension: fileExtension, width: kind == .audio ? nil : width,
            height: kind == .audio ? nil : height, durationMilliseconds: seconds.map { $0 * 1000 })
    }
}
