import WireJSON

extension SiteCaller {
    /// Temporary keys for uploads of one kind.
    package func uploadToken(for kind: UploadKind, at unixSeconds: Int64) -> SiteRequest {
        request(
            .webAPI, "/mweb/v1/get_upload_token", body: bytes(["scene": .integer(kind.scene)]), at: unixSeconds)
    }

    /// Checks an uploaded picture for faces and protected figures; only where the region's profile says so. Read its
    /// faults through ``PictureCheck``.
    package func checkPicture(uri: String, at unixSeconds: Int64) -> SiteRequest {
        let purpose: JSONValue = [
            "scenario": "image_video_generation", "feature_key": "aigc_to_image", "feature_entrance": "to-generate",
            "feature_entrance_detail": "to-generate-algo_proxy",
        ]
        return request(
            .webAPI, "/mweb/v1/algo_proxy",
            body: bytes([
                "scene": "image_face_ip", "options": ["ip_check": true],
                "req_key": "benchmark_test_user_upload_image_input", "file_list": [["file_uri": .string(uri)]],
                "req_params": [:],
            ]),
            extraQuery: [SiteField("babi_param", purpose.serializedString())], at: unixSeconds)
    }

    /// Announces uploaded pictures for an audit; free of charge. A success has an empty `ret`.
    package func submitAudit(imageURIs: [String], at unixSeconds: Int64) -> SiteRequest {
        request(
            .webAPI, "/mweb/v1/imagex/submit_audit_job",
            body: bytes(["uri_list": .array(imageURIs.map { .string($0) })]), at: unixSeconds)
    }

    /// Asks whether the materials may be used with a model; free of charge. Read by ``AuditReply``.
    package func audit(_ materials: [AuditMaterial], modelKey: String, at unixSeconds: Int64) -> SiteRequest {
        request(
            .webAPI, "/mweb/v1/execute_generate_audit",
            body: bytes([
                "scene": 2, "model_key": .string(modelKey), "material_list": .array(materials.map(\.json)),
            ]),
            at: unixSeconds)
    }
}
