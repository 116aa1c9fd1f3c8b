import GatewayCore

extension ErrorEntry {
    /// errors.md 3.3 to 3.6. Credits answer 429 here; the configuration may make it 402.
    init(_ kind: GenerationFault.Kind) {
        switch kind {
        case .invalidSession:
            self.init(
                .authentication, 401,
                "The Jimeng/Dreamina session is invalid or has expired. Sign in on the website and copy a new sessionid.",
                "sessionid 无效或已过期，请重新登录官网获取。")
        case .insufficientCredits:
            self.init(.insufficientQuota, 429, "Not enough credits on the account.", "积分不足。")
        case .paidCreditsRequired:
            self.init(
                .insufficientQuota, 429, "This model needs purchased credits; the daily free credits do not count.",
                "该模型需要购买的积分，每日赠送积分不可用。")
        case .dailyLimitReached:
            self.init(
                .insufficientQuota, 429, "The account has reached today's generation limit.", "该账号已达今日生成上限。")
        case .vipRequired:
            self.init(.permission, 403, "This model or option needs a membership.", "该模型或选项需要会员。")
        case .accountBlocked: self.init(.upstream, 403, "The account is banned or restricted.", "账号被封禁或受限。")
        case .riskControl:
            self.init(
                .upstream, 403,
                "The account was stopped by the service's risk control. Complete the verification on the website, wait, or use another account.",
                "账号触发风控，请到官网完成验证、稍后再试或更换账号。")
        case .complianceConfirmationRequired:
            self.init(
                .upstream, 403,
                "The account must accept the video terms once on the website before it can generate videos.",
                "该账号需先到官网完成首次视频生成授权确认。")
        case .upstreamPermissionDenied:
            self.init(
                .permission, 403, "The account is not allowed to use this feature or model.", "当前账号无权使用该功能或模型。")
        case .regionNotAllowed:
            self.init(
                .permission, 403, "The service does not allow this account or network region.",
                "当前账号或网络所在地区不被官方允许。")
        case .modelUnavailable:
            self.init(
                .notFound, 404, "The site no longer offers model '{model}' to this account. Available: {list}.",
                "官方已不再向该账号提供模型 {model}，可用：{list}。")
        case .noAvailableAccount:
            self.init(
                .rateLimit, 503, retryable: true, "No healthy account is available for {region}/{model} right now.",
                "当前没有可用账号（{region}/{model}）。")
        case .upstreamBusy:
            self.init(.rateLimit, 429, retryable: true, "Jimeng is busy; try again shortly.", "官方服务繁忙，请稍后重试。")
        case .upstreamConcurrencyLimit:
            self.init(
                .rateLimit, 429, retryable: true,
                "The account already has the maximum number of running generations.", "该账号同时进行的任务已达上限。")
        case .queueFull:
            self.init(
                .rateLimit, 429, retryable: true, "The queue is full ({n} waiting). Try again in {s} s.",
                "排队已满（{n} 个等待中），请 {s} 秒后重试。")
        case .contentPolicyViolation:
            self.init(
                .contentPolicy, 400, "The request was refused by the content review of the service.",
                "内容违规，请求未通过审核。")
        case .outputFiltered:
            self.init(.contentPolicy, 400, "The result was withheld by content review.", "生成结果未通过审核。")
        case .inputImageRejected:
            self.init(
                .contentPolicy, 400,
                "An input image was refused by content review (for example a recognisable face or copyrighted figure).",
                "输入图片未通过审核（例如包含人脸或受版权保护的形象）。")
        case .upstreamUnreachable:
            self.init(.upstream, 502, retryable: true, "Could not reach the {site} service.", "无法连接 {site} 服务。")
        case .proxyError:
            self.init(.upstream, 502, retryable: true, "The account's proxy could not be used.", "账号代理不可用。")
        case .upstreamHTTPError:
            self.init(
                .upstream, 502, retryable: true, "The {site} service answered HTTP {status}.",
                "{site} 服务返回 HTTP {status}。")
        case .upstreamInvalidResponse:
            self.init(
                .upstream, 502, "The {site} service sent an answer this gateway does not understand.",
                "{site} 服务返回了无法识别的内容。")
        case .upstreamRejectedParams:
            self.init(.invalidRequest, 400, "The service refused the parameters.", "官方接口拒绝了请求参数。")
        case .upstreamProtocolChanged:
            self.init(
                .upstream, 502, "The service requires a newer client version; the gateway must be updated.",
                "官方接口版本已更新，请升级网关。")
        case .submitUncertain:
            self.init(
                .upstream, 502,
                "The connection broke while submitting; the generation may have started. Look at {generation_id} or the website before repeating.",
                "提交时连接中断，任务可能已开始。请先查看任务 {generation_id} 或官网，再决定是否重试。")
        case .uploadTimeout:
            self.init(
                .imageUpload, 504, retryable: true, "Image upload failed: network connection timed out.",
                "图片上传失败: 网络连接超时")
        case .uploadFailed:
            self.init(.imageUpload, 502, retryable: true, "Image upload failed: {short}.", "图片上传失败: {short}")
        case .uploadTokenFailed:
            self.init(
                .imageUpload, 502, retryable: true, "Image upload failed: could not obtain upload permission.",
                "图片上传失败: 无法获取上传凭证")
        case .imageGenerationFailed:
            self.init(.generation, 500, "Image generation failed (code {fail_code}).", "图像生成失败（错误码 {fail_code}）。")
        case .videoGenerationFailed:
            self.init(.generation, 500, "Video generation failed (code {fail_code}).", "视频生成失败（错误码 {fail_code}）。")
        case .emptyResult:
            self.init(.generation, 502, "The generation finished but returned no file.", "任务已完成，但未返回任何文件。")
        case .historyNotFound:
            self.init(
                .generation, 502, "The service lost track of the task (id {history_id}).",
                "官方未找到该任务记录（ID {history_id}）。")
        case .generationTimeout:
            self.init(
                .timeout, 504,
                "The generation did not finish within {s} s. It continues as {generation_id}; ask for it later.",
                "生成超时（{s} 秒）。任务 {generation_id} 已保留，可稍后查询。")
        case .generationCanceled: self.init(.generation, 409, "The generation was cancelled.", "任务已取消。")
        case .resultDownloadFailed:
            self.init(
                .upstream, 502,
                "The result could not be downloaded for conversion; its URL is in {generation_id}.",
                "结果文件下载失败，可在任务 {generation_id} 中获取链接。")
        case .interrupted:
            self.init(
                .server, 503,
                "The server restarted while submitting; the site does not know the submission, and it was not repeated.",
                "提交过程中服务重启，官方无此任务记录，未重复提交。")
        case .shuttingDown:
            self.init(.server, 503, retryable: true, "The server is restarting.", "服务正在重启。")
        case .storageUnavailable:
            self.init(
                .server, 503, retryable: true,
                "The gateway's own storage can't be written to right now. Nothing was started; try again, and tell its operator to look at /health.",
                "网关自身的存储暂时无法写入，任务未开始。请稍后重试，并请管理员查看 /health。")
        case .internalError:
            self.init(
                .server, 500, "Internal error. Quote {request_id} when reporting it.",
                "内部错误，请提供 {request_id} 以便排查。")
        }
    }
}
