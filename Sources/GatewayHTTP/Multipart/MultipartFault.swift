import GatewayCore

/// Why a multipart body can't be read.
enum MultipartFault: Error, Hashable, CaseIterable {
    case noBoundary
    case noFirstPart
    case prematureEnd
    case malformedHeaders
    case headersTooLarge
    case partWithoutName
    case unsupportedEncoding
    case tooManyParts

    /// The same in the words of the API: `too_many_parts`, else `invalid_multipart` with a reason.
    var problem: RequestProblem {
        switch self {
        case .tooManyParts: RequestProblem(.tooManyParts)
        case .noBoundary:
            invalid("the Content-Type has no usable boundary", "Content-Type 中没有可用的 boundary")
        case .noFirstPart:
            invalid("the boundary does not occur where the first part should be", "未在首个部分处找到 boundary")
        case .prematureEnd:
            invalid("it ends before its closing boundary", "内容在结束 boundary 之前中断")
        case .malformedHeaders:
            invalid("a part has malformed headers", "某个部分的头部格式错误")
        case .headersTooLarge:
            invalid("a part's headers are larger than 16 KiB", "某个部分的头部超过 16 KiB")
        case .partWithoutName:
            invalid("a part has no name", "某个部分没有 name")
        case .unsupportedEncoding:
            invalid("a part has a Content-Transfer-Encoding, which forms do not use", "不支持 Content-Transfer-Encoding")
        }
    }

    private func invalid(_ english: String, _ chinese: String) -> RequestProblem {
        RequestProblem(.invalidMultipart, values: [.why: PlaceholderText(english: english, chinese: chinese)])
    }
}
