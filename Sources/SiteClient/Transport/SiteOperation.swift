import GatewayCore

extension SiteMetrics.Operation {
    /// What a path of the site is for.
    init(path: String) {
        self = Self.operations[path] ?? .other
    }

    private static let operations: [String: SiteMetrics.Operation] = [
        "/mweb/v1/aigc_draft/generate": .submit, "/mweb/v1/get_history_by_ids": .query,
        "/mweb/v1/aigc_draft/cancel_generate": .cancel, "/commerce/v1/benefits/user_credit": .credits,
        "/commerce/v1/benefits/credit_receive": .claim, "/commerce/v1/benefits/user_credit_history": .ledger,
        "/commerce/v3/resource/benefit_metadata": .prices,
        "/commerce/v3/benefits/batch_get_user_benefit": .prices, "/passport/account/info/v2": .session,
        "/mweb/v1/get_user_info": .session,
        "/mweb/v1/get_common_config": .catalogue, "/mweb/v1/video_generate/get_common_config": .catalogue,
        "/mweb/v1/get_image_by_uri": .links, "/mweb/v1/get_video_by_vid": .links,
        "/mweb/v1/get_local_item_list": .links, "/mweb/v1/get_upload_token": .uploadToken,
        "/mweb/v1/algo_proxy": .audit, "/mweb/v1/imagex/submit_audit_job": .audit,
        "/mweb/v1/execute_generate_audit": .audit, "/": .upload,
    ]
}
