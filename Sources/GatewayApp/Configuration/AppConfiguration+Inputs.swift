import GatewayCore
import GatewayHTTP

/// What requests may bring along (endpoints.md section 4.2).
extension AppConfiguration {
    mutating func readInputs(_ settings: inout SettingsReader) {
        let bytes = 1024...(4 << 30)
        if let limit = settings.integer("limits.image_bytes", in: bytes) { http.inputLimits.image = Int64(limit) }
        if let limit = settings.integer("limits.video_bytes", in: bytes) { http.inputLimits.video = Int64(limit) }
        if let limit = settings.integer("limits.audio_bytes", in: bytes) { http.inputLimits.audio = Int64(limit) }
        if let limit = settings.integer("limits.input_bytes", in: bytes) { http.inputTotalLimit = Int64(limit) }
        http.multipartLimit = settings.integer("limits.multipart_bytes", in: bytes) ?? http.multipartLimit
        http.maskPolicy =
            settings.choice("edits.mask", MaskPolicy.allCases.map { ($0.rawValue, $0) }) ?? http.maskPolicy
    }
}
