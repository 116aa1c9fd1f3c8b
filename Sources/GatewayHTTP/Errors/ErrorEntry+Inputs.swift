import GatewayCore

/// Inputs that can't be had (errors.md section 3.4): one row each, in words for pictures, videos and sounds.
extension ErrorEntry {
    enum InputProblem {
        case downloadFailed, downloadTimeout, downloadNotMedia, decodeFailed
    }

    init(_ problem: InputProblem, of material: MaterialKind) {
        let kind: Kind = material == .image ? .imageUpload : .mediaUpload
        let (english, chinese) = (material.rawValue, material.words.chinese)
        switch problem {
        case .downloadFailed:
            self.init(kind, 400, "Could not download \(english) {i}: {reason}.", "\(chinese) {i} 下载失败: {reason}")
        case .downloadTimeout: self.init(kind, 400, "Downloading \(english) {i} timed out.", "\(chinese) {i} 下载超时")
        case .downloadNotMedia:
            let article = material == .video ? "a" : "an"
            self.init(kind, 400, "URL {i} did not return \(article) \(english).", "URL {i} 返回的不是\(chinese)")
        case .decodeFailed:
            let name = english.prefix(1).uppercased() + english.dropFirst()
            self.init(kind, 400, "\(name) {i} is not valid base64 data.", "\(chinese) {i} 的 Base64 数据无效")
        }
    }

    /// The row of a problem; an input that is to blame decides the words.
    init(_ problem: RequestProblem) {
        let material = problem.material ?? .image
        switch problem.kind {
        case .downloadFailed: self.init(.downloadFailed, of: material)
        case .downloadTimeout: self.init(.downloadTimeout, of: material)
        case .downloadNotMedia: self.init(.downloadNotMedia, of: material)
        case .decodeFailed: self.init(.decodeFailed, of: material)
        default: self.init(problem.kind)
        }
    }
}
