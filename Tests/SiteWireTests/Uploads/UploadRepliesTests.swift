import SiteWire
import Testing
import WireJSON

/// Upload answers, recorded and hostile.
@Suite struct UploadRepliesTests {
    @Test("the token answer gives keys, tenant and region", arguments: ["image", "image-intl", "video"])
    func token(kind: String) throws {
        let envelope = try SiteEnvelope.open(
            status: 200, body: try Vectors.response("upload-token.\(kind).success"), context: .upload)
        let credentials = try UploadCredentials(envelope)
        #expect(credentials.keys == Fixtures.uploadKeys)
        #expect(credentials.reusableSeconds == 1_500)
        switch kind {
        case "image":
            #expect(credentials.imageService(in: .cn) == "tb4s082cfz")
            #expect(credentials.signingRegion(in: .cn) == "cn-north-1")
        case "image-intl":
            #expect(credentials.imageService(in: .sg) == "wopfjsm1ax")
            #expect(credentials.signingRegion(in: .sg) == "ap-singapore-1")
        default:
            #expect(credentials.mediaSpace == "dreamina")
        }
    }

    @Test("a dead session and an answer without keys are faults of the session")
    func tokenFaults() throws {
        let body = try Vectors.response("upload-token.login-expired.fail")
        #expect(throws: SiteFault.self) { try SiteEnvelope.open(status: 200, body: body, context: .upload) }
        let empty = try Fixtures.open(["ret": "0", "data": ["access_key_id": "a"]], context: .upload)
        let fault = #expect(throws: SiteFault.self) { try UploadCredentials(empty) }
        #expect(fault?.kind == .unconfirmedSession)
    }

    struct Tenant: Sendable {
        var region: SiteRegion
        var service: String?
        var space: String?
        var expected: String
    }

    @Test(
        "the image store's tenant comes from the answer where the region says so",
        arguments: [
            Tenant(region: .cn, service: "svc", space: "spc", expected: "svc"),
            Tenant(region: .cn, space: "spc", expected: "tb4s082cfz"),
            Tenant(region: .us, space: "spc", expected: "spc"),
            Tenant(region: .hk, service: "svc", space: "spc", expected: "svc"),
            Tenant(region: .jp, expected: "wopfjsm1ax"),
        ])
    func tenant(row: Tenant) {
        let credentials = UploadCredentials(
            keys: Fixtures.uploadKeys, serviceID: row.service, spaceName: row.space)
        #expect(credentials.imageService(in: row.region) == row.expected)
    }

    @Test(
        "a full region name of the grant wins over the region's own",
        arguments: [
            ("cn", .cn, "cn-north-1"), (nil, .us, "us-east-1"), ("sg", .hk, "ap-singapore-1"),
            ("ap-southeast-1", .hk, "ap-southeast-1"), ("useast", .us, "us-east-1"),
        ] as [(String?, SiteRegion, String)])
    func signingRegion(name: String?, region: SiteRegion, expected: String) {
        let credentials = UploadCredentials(keys: Fixtures.uploadKeys, regionName: name)
        #expect(credentials.signingRegion(in: region) == expected)
        #expect(UploadCaller(region: region, credentials: credentials).signingRegion == expected)
    }

    @Test(
        "a grant is not used again beyond its own end",
        arguments: [
            ("2026-03-01T08:09:10Z", "2026-03-01T08:19:10Z", 540),
            ("2026-03-01T16:09:10+08:00", "2026-03-01T08:19:10.5Z", 540),
            (1_772_352_550, 1_772_352_850, 240), ("1772352550000", "1772352850000", 240),
            ("2024-02-28T23:59:59Z", "2024-03-01T00:00:00Z", 1_500),
            ("2026-03-01T08:09:10Z", "2026-03-01T08:09:10Z", 0), ("soon", "later", 1_500),
        ] as [(JSONValue, JSONValue, Int64)])
    func reuse(now: JSONValue, end: JSONValue, expected: Int64) throws {
        let envelope = try Fixtures.open([
            "ret": "0",
            "data": [
                "access_key_id": "a", "secret_access_key": "b", "session_token": "c", "current_time": now,
                "expired_time": end,
            ],
        ])
        #expect(try UploadCredentials(envelope).reusableSeconds == expected)
    }

    @Test(
        "a refusal of an upload service says what to do",
        arguments: [
            (401, 100_010, "SignatureDoesNotMatch", .signature, .freshToken),
            (200, 100_010, "", .signature, .freshToken), (400, 100_006, "", .clock, .freshToken),
            (401, 100_009, "", .credentials, .freshToken), (403, 1, "AccessDenied", .credentials, .freshToken),
            (404, 100_008, "", .refused, .never), (200, 7, "Odd", .refused, .never),
            (503, 7, "Odd", .httpStatus(503), .sameStep),
        ] as [(Int, Int64, String, UploadFault.Kind, UploadFault.Retry)])
    func refusals(
        status: Int, code: Int64, name: String, kind: UploadFault.Kind, retry: UploadFault.Retry
    ) {
        let body: JSONValue = [
            "ResponseMetadata": [
                "RequestId": "id-1", "Error": ["CodeN": .integer(code), "Code": .string(name), "Message": "secret"],
            ]
        ]
        let fault = #expect(throws: UploadFault.self) {
            try UploadAnswer.open(status: status, body: body.serialized(), step: .apply)
        }
        #expect(fault?.kind == kind)
        #expect(fault?.retry == retry)
        #expect(fault?.requestID == "id-1")
        #expect(fault.map { !"\($0)".contains("secret") } == true)
    }

    @Test("a recorded refusal is understood, and so are answers that are none")
    func otherRefusals() throws {
        func fault(_ status: Int, _ body: [UInt8]) -> UploadFault.Kind? {
            #expect(throws: UploadFault.self) {
                try UploadAnswer.open(status: status, body: body, step: .commit)
            }?.kind
        }
        #expect(fault(401, try Vectors.response("imagex-apply.bad-signature.fail")) == .signature)
        #expect(fault(401, Array("<html>".utf8)) == .credentials)
        #expect(fault(502, []) == .httpStatus(502))
        #expect(fault(200, Array("{}".utf8)) == .invalidResponse)
        #expect(fault(200, Array("[".utf8)) == .invalidResponse)
    }

    @Test("both spellings of the upload host are read, and extra headers that are safe")
    func hosts() throws {
        var place = try #require(
            try JSONValue.parse(try Vectors.response("imagex-apply.success"))["Result"]?["UploadAddress"]?.object)
        place["UploadHosts"] = nil
        place["UploadHost"] = "one.example:8443"
        place["UploadHeader"] = ["X-More": "1", "Host": "evil", "Content-Length": "0", "X-Bad": "a\r\nb", "X Y": "2"]
        let address = try UploadAddress.image(try answer(["UploadAddress": .object(place)], step: .apply))
        #expect(address.hosts == ["one.example:8443"])
        let request = UploadCaller(region: .cn, credentials: UploadCredentials(keys: Fixtures.uploadKeys))
            .store(address, crc32: 0)
        #expect(request.header("X-More") == "1")
        for name in ["Host", "Content-Length", "X-Bad", "X Y"] { #expect(request.header(name) == nil) }
    }

    @Test(
        "an address that could lead elsewhere is refused",
        arguments: [
            ("evil.example/path", "a/b"), ("user@evil", "a/b"), ("", "a/b"), ("ok.example", "../x"),
            ("ok.example", "/a"), ("ok.example", "a?b"), ("ok.example", "a b"), ("ok.example", "a#b"),
        ])
    func hostileAddress(host: String, uri: String) throws {
        let result: JSONValue = [
            "UploadAddress": [
                "StoreInfos": [["StoreUri": .string(uri), "Auth": "a"]], "UploadHost": .string(host),
                "SessionKey": "k",
            ]
        ]
        let opened = try answer(result, step: .apply)
        #expect(throws: UploadFault(kind: .invalidResponse, step: .apply, requestID: "id-1")) {
            try UploadAddress.image(opened)
        }
    }

    @Test("an answer without nodes is no address")
    func noNodes() throws {
        let opened = try UploadAnswer.open(
            status: 200, body: try Vectors.response("vod-apply.no-nodes.fail"), step: .apply)
        let fault = #expect(throws: UploadFault.self) { try UploadAddress.media(opened) }
        #expect(fault?.kind == .invalidResponse)
    }

    @Test("a raw upload succeeds only with code 2000 and the announced checksum")
    func store() throws {
        let good = try Vectors.response("store-upload.success")
        try StoreReply.check(status: 200, body: good, announced: 0xCBF4_3926)
        func fault(_ status: Int, _ body: [UInt8], _ crc: UInt32 = 1) -> UploadFault? {
            #expect(throws: UploadFault.self) { try StoreReply.check(status: status, body: body, announced: crc) }
        }
        #expect(fault(200, good)?.kind == .notStored)
        let mismatch = fault(400, try Vectors.response("store-upload.crc-mismatch.fail"))
        #expect(mismatch?.kind == .notStored)
        #expect(mismatch?.code == 4_010)
        #expect(mismatch?.retry == .fromApply)
        #expect(fault(200, Array("{\"code\":4000}".utf8))?.kind == .notStored)
        #expect(fault(200, [])?.kind == .invalidResponse)
        #expect(fault(503, [])?.kind == .httpStatus(503))
    }

    @Test("a committed picture has its name, and its size where the store read it")
    func committedImage() throws {
        func commit(_ name: String) throws -> CommittedImage {
            try CommittedImage(
                UploadAnswer.open(status: 200, body: try Vectors.response("imagex-commit.\(name)"), step: .commit))
        }
        let image = try commit("success")
        #expect(image.uri == "tos-cn-i-tb4s082cfz/0123456789abcdef0123456789abcdef")
        #expect([image.width, image.height] == [1_024, 768])
        #expect(image.format == "png")
        let bare = try commit("no-plugin.success")
        #expect(bare.uri == image.uri)
        #expect(bare.width == nil && bare.height == nil && bare.format.isEmpty)
        let fault = #expect(throws: UploadFault.self) { try commit("uri-status.fail") }
        #expect(fault?.kind == .notAccepted)
        #expect(fault?.code == 2_001)
        let empty = try answer(["Results": []], step: .commit)
        #expect(throws: UploadFault.self) { try CommittedImage(empty) }
    }

    @Test("a committed video's duration becomes milliseconds, and a missing one stays unknown")
    func committedMedia() throws {
        func commit(_ name: String) throws -> CommittedMedia {
            try CommittedMedia(
                UploadAnswer.open(status: 200, body: try Vectors.response("vod-commit.\(name)"), step: .commit))
        }
        let video = try commit("success")
        #expect(video.vid == "v0280example00000000000000000000")
        #expect(video.durationMilliseconds == 4_960)
        #expect([video.width, video.height, video.framesPerSecond] == [1_280, 720, 24])
        #expect(try commit("too-long.success").durationMilliseconds == 17_200)
        let audio = try commit("audio.success")
        #expect(audio.vid == "v0280example00000000000000000001")
        #expect(audio.durationMilliseconds == nil)
    }

    @Test("only a refusal of the picture fails its check; a broken check does not")
    func pictureCheck() throws {
        func verdict(_ ret: String, _ message: String) -> SiteFault.Kind? {
            PictureCheck.rejection(
                of: SiteFault.refusal(SiteFault.Evidence(ret: ret, texts: [message]), context: .upload))?.kind
        }
        let rejected = try Vectors.response("algo-proxy.reject.fail")
        let fault = try #require(
            #expect(throws: SiteFault.self) {
                try SiteEnvelope.open(status: 200, body: rejected, context: .upload)
            })
        #expect(PictureCheck.rejection(of: fault)?.kind == .inputImageRejected)
        #expect(verdict("2003", "service busy") == .inputImageRejected)
        #expect(verdict("9876", "detected risk in file") == .inputImageRejected)
        #expect(verdict("9876", "internal error") == nil)
        #expect(verdict("1015", "login error") == nil)
        #expect(PictureCheck.rejection(of: SiteFault(kind: .httpStatus(502), context: .upload)) == nil)
        _ = try SiteEnvelope.open(
            status: 200, body: try Vectors.response("algo-proxy.pass.success"), context: .upload)
    }

    @Test(
        "an audit refuses inside a successful answer, in either of its forms",
        arguments: ["result_list", "material_result_list"])
    func audit(list: String) throws {
        let reply = AuditReply(
            try Fixtures.open([
                "ret": "",
                "data": [
                    list: [["audit_decision": 1], ["audit_decision": 2, "reason_detail": "copyright"], ["x": 0]]
                ],
            ]))
        #expect(reply.decisions == [.passed, .rejected, .unknown])
        #expect(reply.firstRejected == 1)
        #expect(reply.fault?.kind == .inputImageRejected)
        #expect(reply.fault?.hints.contains(.copyright) == true)
        #expect(AuditReply(try Fixtures.open(["ret": "0"])).fault == nil)
    }

    private func answer(_ result: JSONValue, step: UploadFault.Step) throws -> UploadAnswer {
        let body: JSONValue = ["ResponseMetadata": ["RequestId": "id-1"], "Result": result]
        return try UploadAnswer.open(status: 200, body: body.serialized(), step: step)
    }
}
