import SiteWire
import WireJSON

/// The checks of what goes in: `algo_proxy` (China only), `submit_audit_job` and `execute_generate_audit`.
extension SiteState {
    /// The most materials one check may name.
    private static let auditLimit = 100

    /// `algo_proxy`: a face and rights check of uploaded pictures.
    mutating func faceCheck(
        _ call: SiteCall, caller: SandboxCaller, at now: Int64, links: MediaLinks
    ) throws(SandboxRefusal) -> JSONValue {
        withAccount(of: caller, at: now) { $0.audits += 1 }
        let body = try? JSONValue.parse(call.body)
        if configuration.isStrict {
            guard caller.region == .cn else { throw SandboxRefusal(1000, "algo_proxy outside of China") }
            guard let text = call.query["babi_param"], let parameter = try? JSONValue.parse(text),
                parameter["feature_entrance_detail"]?.string == "to-generate-algo_proxy"
            else { throw SandboxRefusal(1000, "algo_proxy without babi_param") }
            guard body?["scene"]?.string == "image_face_ip",
                body?["req_key"]?.string == "benchmark_test_user_upload_image_input"
            else { throw SandboxRefusal(1000, "algo_proxy without scene or req_key") }
        }
        guard let files = body?["file_list"]?.array, !files.isEmpty, files.count <= Self.auditLimit else {
            throw SandboxRefusal(1000, "algo_proxy without files")
        }
        for file in files {
            guard let uri = file["file_uri"]?.string else { throw SandboxRefusal(1000, "algo_proxy without file_uri") }
            try checkOwned(uri: uri, of: caller, links: links)
        }
        if caller.script == .auditReject { throw SandboxRefusal(2003) }
        return [:]
    }

    /// `submit_audit_job`.
    mutating func auditJob(
        _ call: SiteCall, caller: SandboxCaller, at now: Int64, links: MediaLinks
    ) throws(SandboxRefusal) {
        withAccount(of: caller, at: now) { $0.audits += 1 }
        let body = try? JSONValue.parse(call.body)
        guard let uris = body?["uri_list"]?.array?.compactMap(\.string), !uris.isEmpty, uris.count <= Self.auditLimit
        else { throw SandboxRefusal(1000, "uri_list is missing") }
        for uri in uris { try checkOwned(uri: uri, of: caller, links: links) }
    }

    /// `execute_generate_audit`: says yes or no, `ret` is 0 in both cases.
    mutating func audit(
        _ call: SiteCall, caller: SandboxCaller, at now: Int64, links: MediaLinks
    ) throws(SandboxRefusal) -> JSONValue {
        withAccount(of: caller, at: now) { $0.audits += 1 }
        let body = try? JSONValue.parse(call.body)
        guard let materials = body?["material_list"]?.array, !materials.isEmpty,
            materials.count <= Self.auditLimit
        else { throw SandboxRefusal(1000, "material_list is missing") }
        for material in materials {
            switch material["material_type"]?.int {
            case 1:
                guard let uri = material["uri"]?.string else { throw SandboxRefusal(1000, "material without uri") }
                try checkOwned(uri: uri, of: caller, links: links)
            case 2, 3:
                guard let vid = material["vid"]?.string, uploadedClip(vid: vid, of: caller, links: links) != nil else {
                    throw SandboxRefusal(3020, "material names a vid that was never sent up")
                }
            default: throw SandboxRefusal(1000, "material of an unknown type")
            }
        }
        let isRejected = caller.script == .auditReject
        let result: JSONValue = [
            "audit_decision": isRejected ? 2 : 1,
            "reason_detail": isRejected ? "detected risk" : "",
            "long_reason_detail": isRejected ? "The material did not pass the review" : "",
        ]
        return ["result_list": .array(materials.map { _ in result })]
    }

    /// Throws unless the caller has sent the picture up or had it made. That something unknown has the right form may come
    /// from forgetting here; anything else is the client's fault.
    func checkOwned(uri: String, of caller: SandboxCaller, links: MediaLinks) throws(SandboxRefusal) {
        if uploadedPicture(uri: uri, of: caller, links: links) != nil { return }
        guard let place = links.place(uri: uri) else { throw SandboxRefusal(3020, "a picture that was never sent up") }
        guard place.kind == .picture, let job = jobs[place.number], job.accountKey == caller.accountKey else {
            throw SandboxRefusal(3020)
        }
    }
}
