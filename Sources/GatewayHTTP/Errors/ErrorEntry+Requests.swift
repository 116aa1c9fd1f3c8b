import GatewayCore

extension ErrorEntry {
    /// errors.md 3.1 to 3.3 and `wait_timeout`, as far as the request itself is to blame.
    init(_ kind: RequestProblem.Kind) {
        switch kind {
        case .invalidJSON:
            self.init(
                .invalidRequest, 400, "The request body is not valid JSON (line {l}, column {c}).",
                "请求体不是有效的 JSON（第 {l} 行第 {c} 列）。")
        case .invalidMultipart:
            self.init(
                .invalidRequest, 400, "The multipart body could not be decoded: {why}.", "multipart 请求体无法解析：{why}。")
        case .unsupportedContentType:
            self.init(
                .invalidRequest, 415,
                "Content-Type {ct} is not supported here; use application/json or multipart/form-data.",
                "不支持的 Content-Type：{ct}，请使用 application/json 或 multipart/form-data。")
        case .missingRequiredParameter:
            self.init(.invalidRequest, 400, "Missing required parameter: '{param}'.", "缺少必填参数：{param}。")
        case .invalidType:
            self.init(
                .invalidRequest, 400, "Invalid type for '{param}': expected {want}, got {got}.",
                "参数 {param} 类型错误：应为 {want}，实际为 {got}。")
        case .invalidValue:
            self.init(
                .invalidRequest, 400, "Invalid value for '{param}': {got}. Supported values: {list}.",
                "参数 {param} 的值无效：{got}。可用值：{list}。")
        case .valueOutOfRange:
            self.init(
                .invalidRequest, 400, "'{param}' must be between {min} and {max}; got {got}.",
                "参数 {param} 必须在 {min} 到 {max} 之间，当前为 {got}。")
        case .stringAboveMaxLength:
            self.init(
                .invalidRequest, 400, "'{param}' is too long: {len} characters, maximum {max}.",
                "参数 {param} 过长：{len} 字符，最多 {max}。")
        case .unsupportedRatio:
            self.init(
                .invalidRequest, 400, "Aspect ratio '{got}' is not supported by {model}. Supported: {list}.",
                "{model} 不支持比例 {got}。支持的比例：{list}。")
        case .unsupportedResolution:
            self.init(
                .invalidRequest, 400, "Resolution '{got}' is not supported by {model}. Supported: {list}.",
                "{model} 不支持分辨率 {got}。支持的分辨率：{list}。")
        case .invalidSize:
            self.init(
                .invalidRequest, 400, "Invalid size '{got}'. Use WIDTHxHEIGHT (64–8192 each), 1k/2k/4k, or auto.",
                "size 无效：{got}。请使用 宽x高（64–8192）、1k/2k/4k 或 auto。")
        case .unsupportedParameter:
            self.init(.invalidRequest, 400, "Unsupported parameter: '{param}'. {hint}", "参数 {param} 不受支持。{hint}")
        case .unsupportedDuration:
            self.init(
                .invalidRequest, 400, "{model} supports durations of {list} seconds; got {got}.",
                "{model} 可选时长为 {list} 秒，收到的是 {got}。")
        case .unsupportedFunctionMode:
            self.init(
                .invalidRequest, 400, "functionMode '{got}' is not available for {model}.",
                "{model} 不支持 functionMode={got}。")
        case .tooFewImages:
            self.init(.invalidRequest, 400, "At least one input image is required.", "请至少附上一张输入图片。")
        case .tooManyImages:
            self.init(
                .invalidRequest, 400, "At most {max} input images are allowed; got {n}.",
                "输入图片不能超过 {max} 张，收到 {n} 张。")
        case .tooManyMaterials:
            self.init(
                .invalidRequest, 400,
                "At most {max} reference files in total ({images} images, {videos} videos, {audios} audios allowed).",
                "参考素材总数最多 {max} 个（图片 {images}、视频 {videos}、音频 {audios}）。")
        case .referenceVideoTooLong:
            self.init(
                .invalidRequest, 400, "Reference videos may last {max} seconds in total; got {got}.",
                "参考视频合计最长 {max} 秒，收到的是 {got} 秒。")
        case .invalidImageReference:
            self.init(
                .invalidRequest, 400,
                "Image {i} must be a URL, a data URL, base64 data, or an object with a url.",
                "第 {i} 张图片无法识别，请给出 URL、data URL、Base64，或带 url 的对象。")
        case .unsupportedMediaFormat:
            self.init(
                .invalidRequest, 400, "File {i} is not a supported {kind} format.", "第 {i} 个文件不是支持的{kind}格式。")
        case .localPathForbidden:
            self.init(
                .invalidRequest, 400,
                "Reading local paths is disabled on this server. Upload the file or use a URL.",
                "本服务未开放读取本地文件路径，请上传文件或使用 URL。")
        case .urlNotAllowed:
            self.init(.invalidRequest, 400, "The URL of file {i} is not allowed.", "第 {i} 个文件的 URL 不被允许。")
        case .requestTooLarge:
            self.init(.invalidRequest, 413, "The request body exceeds {max}.", "请求体超过上限 {max}。")
        case .imageTooLarge:
            self.init(
                .invalidRequest, 413, "Image {i} is {size}; the limit is {max}.", "图片 {i} 大小为 {size}，上限为 {max}。")
        case .videoTooLarge:
            self.init(
                .invalidRequest, 413, "Video {i} is {size}; the limit is {max}.", "视频 {i} 大小为 {size}，上限为 {max}。")
        case .audioTooLarge:
            self.init(
                .invalidRequest, 413, "Audio {i} is {size}; the limit is {max}.", "音频 {i} 大小为 {size}，上限为 {max}。")
        case .downloadFailed: self.init(.downloadFailed, of: .image)
        case .downloadTimeout: self.init(.downloadTimeout, of: .image)
        case .downloadNotMedia: self.init(.downloadNotMedia, of: .image)
        case .decodeFailed: self.init(.decodeFailed, of: .image)
        case .tooManyParts:
            self.init(.invalidRequest, 400, "Too many form parts.", "表单字段过多。")
        case .unknownURL:
            self.init(.notFound, 404, "Unknown request URL: {method} {path}.", "未找到接口：{method} {path}。")
        case .methodNotAllowed:
            self.init(.invalidRequest, 405, "{method} is not allowed for {path}.", "{path} 不支持 {method} 方法。")
        case .unsupportedEndpoint:
            self.init(.invalidRequest, 501, "{path} is not offered by this gateway. {hint}", "本网关不提供 {path}。{hint}")
        case .missingAPIKey:
            self.init(
                .authentication, 401, "No API key or session was provided. Send 'Authorization: Bearer …'.",
                "缺少 Authorization，请提供 Bearer Token。")
        case .invalidAPIKey:
            self.init(.authentication, 401, "Incorrect API key provided.", "API Key 无效。")
        case .apiKeyExpired: self.init(.authentication, 401, "This API key has expired.", "API Key 已过期。")
        case .apiKeyDisabled: self.init(.authentication, 401, "This API key is disabled.", "API Key 已停用。")
        case .invalidProxy:
            self.init(.invalidRequest, 400, "The proxy URL in the token is not valid.", "Token 中的代理地址无效。")
        case .sandboxDisabled:
            self.init(.permission, 403, "Sandbox tokens are not served here.", "本服务未开放沙盒 Token。")
        case .passthroughDisabled:
            self.init(.permission, 403, "This server only accepts its own API keys.", "本服务仅接受网关 API Key。")
        case .insufficientScope:
            self.init(.permission, 403, "This key lacks the '{scope}' permission.", "该 Key 缺少 {scope} 权限。")
        case .modelNotAllowed:
            self.init(.permission, 403, "This key may not use model '{model}'.", "该 Key 无权使用模型 {model}。")
        case .ipNotAllowed:
            self.init(
                .permission, 403, "Requests from this address are not allowed for this key.", "该 Key 不允许从当前 IP 调用。")
        case .rateLimitExceeded:
            self.init(
                .rateLimit, 429, retryable: true,
                "Rate limit reached for this key: {limit} per {window}. Try again in {s} s.",
                "请求过于频繁：每{window}最多 {limit} 次，请 {s} 秒后重试。")
        case .concurrencyLimitExceeded:
            self.init(
                .rateLimit, 429, retryable: true, "Too many generations in progress for this key ({limit}).",
                "该 Key 的并发任务已达上限（{limit}）。")
        case .insufficientQuota:
            self.init(
                .insufficientQuota, 429,
                "This key has used its budget ({used}/{limit} credits this {period}). It begins anew at {time}.",
                "该 Key 的额度已用完（本{period} {used}/{limit} 积分），将于 {time} 重置。")
        case .notLoggedIn: self.init(.authentication, 401, "Not signed in.", "请先登录")
        case .keyNotFound: self.init(.notFound, 404, "No key with id '{id}'.", "未找到 Key {id}。")
        case .accountNotFound: self.init(.notFound, 404, "No account with id '{id}'.", "未找到账号 {id}。")
        case .accountExists:
            self.init(.conflict, 409, "The account is there already, as '{id}'.", "账号已存在：{id}。")
        case .accountBusy:
            self.init(
                .conflict, 409,
                "Account '{id}' still has {n} generations. Disable it and remove it when they have ended.",
                "账号 {id} 仍有 {n} 个任务，请先停用，任务结束后再删除。")
        case .accountUnreadable:
            self.init(
                .conflict, 409,
                "The session of account '{id}' was sealed with another key. Remove the account and add it again.",
                "账号 {id} 的会话由其他密钥加密，请删除后重新添加。")
        case .unreadableImport:
            self.init(
                .invalidRequest, 400,
                "The import can't be read: send one token per line, or a browser's cookies as JSON.",
                "无法读取导入内容：请每行一个 token，或使用浏览器导出的 Cookie JSON。")
        case .regionMismatch:
            self.init(
                .invalidRequest, 400, "Model '{model}' is not available on the {region} site. Available on: {list}.",
                "模型 {model} 不支持 {region} 站点，可用站点：{list}。")
        case .modelNotFound:
            self.init(.notFound, 404, "The model '{model}' does not exist.", "模型 {model} 不存在。")
        case .wrongModelType:
            self.init(
                .invalidRequest, 400, "Model '{model}' produces {kind}; this endpoint needs {want}.",
                "模型 {model} 用于生成{kind}，该接口需要{want}模型。")
        case .generationNotFound: self.init(.notFound, 404, "No generation with id '{id}'.", "未找到任务 {id}。")
        case .videoNotFound: self.init(.notFound, 404, "No video with id '{id}'.", "未找到视频 {id}。")
        case .mediaNotFound:
            self.init(.notFound, 404, "The file does not exist or its link has expired.", "文件不存在或链接已过期。")
        case .idempotencyKeyReused:
            self.init(
                .conflict, 409, "This Idempotency-Key was used with a different request.",
                "该 Idempotency-Key 已用于不同的请求。")
        case .idempotencyKeyInvalid:
            self.init(
                .invalidRequest, 400, "Idempotency-Key must be 1–255 visible ASCII characters.",
                "Idempotency-Key 必须为 1–255 个可见 ASCII 字符。")
        case .generationNotFinished:
            self.init(
                .conflict, 409, "The generation is still {status}; its content is not available yet.",
                "任务仍在{status}，内容尚不可用。")
        case .generationNotCancellable:
            self.init(.conflict, 409, "A {status} generation cannot be cancelled.", "{status}的任务无法取消。")
        case .contentExpired:
            self.init(.notFound, 404, "The generated file is no longer stored.", "生成文件已过期删除。")
        case .waitTimeout:
            self.init(
                .timeout, 504, "Still generating. It continues as {generation_id}.",
                "仍在生成中，任务 {generation_id} 将继续执行。")
        }
    }
}
