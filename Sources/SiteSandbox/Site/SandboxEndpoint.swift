/// The calls the sandbox knows. The raw value is the path; all of them are POST.
enum SandboxEndpoint: String, Sendable, CaseIterable {
    case generate = "/mweb/v1/aigc_draft/generate"
    case cancel = "/mweb/v1/aigc_draft/cancel_generate"
    case history = "/mweb/v1/get_history_by_ids"
    case queueInfo = "/mweb/v1/get_history_queue_info"
    case userInfo = "/mweb/v1/get_user_info"
    case imageConfig = "/mweb/v1/get_common_config"
    case videoConfig = "/mweb/v1/video_generate/get_common_config"
    case imageByURI = "/mweb/v1/get_image_by_uri"
    case videoByID = "/mweb/v1/get_video_by_vid"
    case localItems = "/mweb/v1/get_local_item_list"
    case uploadToken = "/mweb/v1/get_upload_token"
    case faceCheck = "/mweb/v1/algo_proxy"
    case auditJob = "/mweb/v1/imagex/submit_audit_job"
    case audit = "/mweb/v1/execute_generate_audit"
    case credits = "/commerce/v1/benefits/user_credit"
    case claim = "/commerce/v1/benefits/credit_receive"
    case ledger = "/commerce/v1/benefits/user_credit_history"
    case priceBook = "/commerce/v3/resource/benefit_metadata"
    case benefits = "/commerce/v3/benefits/batch_get_user_benefit"
    case account = "/passport/account/info/v2"

    /// Which envelope the answer wears.
    enum Family: Sendable {
        case web
        case commerce
        case passport
    }

    var family: Family {
        switch self {
        case .credits, .claim, .ledger, .priceBook, .benefits: .commerce
        case .account: .passport
        default: .web
        }
    }
}
