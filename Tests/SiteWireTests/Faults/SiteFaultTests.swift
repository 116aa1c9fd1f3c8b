import SiteWire
import Testing
import WireJSON

/// Classification of refusals.
@Suite struct SiteFaultTests {
    /// Meaning of every known number as the answer to a submit of a picture.
    private static let submit: [Int: SiteFault.Kind] = {
        var kinds: [Int: SiteFault.Kind] = [
            1_015: .invalidSession, 2_001: .unconfirmedSession, 121_101: .dailyLimitReached, 1_018: .accountBlocked,
            2_003: .inputImageRejected, 2_004: .outputFiltered, 4_010: .complianceConfirmationRequired,
            3_000: .regionNotAllowed, 2_061: .modelUnavailable, 5_002: .videoGenerationFailed,
        ]
        for code in [1_006, 5_000, 4_001] { kinds[code] = .insufficientCredits }
        for code in [1_019, 1_021, 2_035, 4_013, -4, -6] { kinds[code] = .riskControl }
        for code in [1_010, 1_310] { kinds[code] = .concurrencyLimit }
        for code in [1, 1_057, 2_014, 2_020, 10_020, 121_212] { kinds[code] = .busy }
        for code in [1_063, 1_159, 2_005, 2_038, 2_048, 2_050, 2_052] { kinds[code] = .contentPolicyViolation }
        for code in [2_039, 2_041] { kinds[code] = .inputImageRejected }
        for code in [2_042, 2_043] { kinds[code] = .outputFiltered }
        for code in [1_000, 1_001, 1_002, 1_161, 1_162, 1_189, 1_190, 2_203, 2_204, 4_002] {
            kinds[code] = .rejectedParameters
        }
        for code in [4_003, 3_021] { kinds[code] = .permissionDenied }
        for code in [3_018, 1_014] { kinds[code] = .protocolChanged }
        for code in [5_001, 1_017, 2_002, 2_008, 2_046, 2_047, 3_020, 100_402] { kinds[code] = .imageGenerationFailed }
        return kinds
    }()

    @Test("every number has a meaning, and an unknown one is an answer nobody understands")
    func everyNumber() {
        for number in Array(-10...5_100) + [10_020, 34_010_100, 100_402, 121_101, 121_212] where number != 0 {
            let fault = SiteFault.refusal(.init(ret: String(number)), context: .submit)
            #expect(fault.kind == Self.submit[number] ?? .invalidResponse, "\(number)")
            #expect(fault.ret == String(number))
        }
    }

    @Test("the recorded refusals are classified with their texts, on a submit and on a read")
    func recordedRefusals() throws {
        let bodies = try #require(try Vectors.file("examples/ret-errors.json")["bodies"]?.array)
        #expect(bodies.count > 40)
        for body in bodies {
            let number = try #require(body["ret"]?.string.flatMap { Int($0) })
            let submit = try #require(throws: SiteFault.self) { try Fixtures.open(body, context: .submit) }
            #expect(submit.kind == Self.submit[number], "\(number)")
            #expect(submit.logID == "20260228062640AAA00000000000000001")
            let read = try #require(throws: SiteFault.self) { try Fixtures.open(body, context: .read) }
            if [2_002, 2_008, 2_046, 2_047, 3_020, 100_402].contains(number) {
                #expect(read.kind == .transientRead)
                #expect(read.retry == .readAgain)
            }
        }
    }

    @Test(
        "a number is read in the light of its place and its text",
        arguments: [
            ("2003", "service busy", SiteCallContext.submit, SiteFault.Kind.busy),
            ("2003", "risk not pass", .submit, .inputImageRejected),
            ("2004", "permission denied", .submit, .permissionDenied),
            ("2004", "无权限", .submit, .permissionDenied),
            ("2002", "parameter error", .submit, .rejectedParameters),
            ("2002", "generate error", .read, .transientRead),
            ("4001", "content risk", .submit, .contentPolicyViolation),
            ("4001", "external no credits", .submit, .insufficientCredits),
            ("2203", "face", .upload, .inputImageRejected),
            ("2203", "face", .submit, .rejectedParameters),
            ("34010100", "parameter error", .claim, .rejectedParameters),
            ("34010105", "already received", .claim, .nothingReceived),
            ("77", "今日已领取", .claim, .nothingReceived), ("77", "no luck", .claim, .invalidResponse),
            ("1014", "system busy", .claim, .busy), ("1014", "sign error", .submit, .protocolChanged),
            ("4003", "membership required", .submit, .membershipRequired),
            ("4003", "no permission", .submit, .permissionDenied),
            ("3021", "仅限会员使用", .submit, .membershipRequired),
            ("2004", "没有权限，请开通会员", .submit, .membershipRequired),
            ("99999", "该功能仅限会员", .submit, .membershipRequired),
            ("99999", "积分不足，开通会员", .submit, .invalidResponse), ("1006", "请开通会员", .submit, .insufficientCredits),
            ("34010100", "", .check, .invalidResponse),
            ("99999", "ExceedConcurrencyLimit", .submit, .concurrencyLimit),
            ("99999", "AigcComplianceConfirmationRequired", .submit, .complianceConfirmationRequired),
            ("99999", "tns check did not pass", .submit, .contentPolicyViolation),
            ("99999", "too many users, try later", .submit, .busy),
            ("99999", "too many users, try later", .read, .invalidResponse),
        ] as [(String, String, SiteCallContext, SiteFault.Kind)])
    func texts(ret: String, text: String, context: SiteCallContext, kind: SiteFault.Kind) {
        #expect(SiteFault.refusal(.init(ret: ret, texts: [text]), context: context).kind == kind)
    }

    @Test(
        "an unknown number is explained by the fail code or the key beside it",
        arguments: [
            ("4013", nil, SiteFault.Kind.riskControl), (nil, "web_notice_reach_daily_usage_limit", .dailyLimitReached),
            ("0", "web_dre_m10n_generate_popup_credit_ininsufficient_title", .insufficientCredits),
            (nil, nil, .invalidResponse),
        ] as [(String?, String?, SiteFault.Kind)])
    func besideTheNumber(failCode: String?, key: String?, kind: SiteFault.Kind) {
        let fault = SiteFault.refusal(
            .init(ret: "77777", failCode: failCode, starlingKey: key), context: .submit)
        #expect(fault.kind == kind)
    }

    @Test(
        "translation keys are classified on their own",
        arguments: [
            ("web_dre_m10n_generate_popup_credit_ininsufficient_title", SiteFault.Kind.insufficientCredits),
            ("web_no_credit_toast", .insufficientCredits),
            ("web_account_block_toast", .accountBlocked),
            ("web_risk_control_message_reject_generation", .riskControl),
            ("web_risk_notification", .riskControl),
            ("web_notice_reach_daily_usage_limit", .dailyLimitReached),
            ("web_text_violates_community_guidelines_toast", .contentPolicyViolation),
            ("web_prompt_violate_guidelines_tip", .contentPolicyViolation),
            ("character_toast_sensitive_text", .contentPolicyViolation),
            ("web_fail2generate_copyright_block", .contentPolicyViolation),
            ("web_content_violation", .contentPolicyViolation),
            ("web_InputTextRisk", .contentPolicyViolation),
            ("web_image_violates_community_guidelines_toast", .inputImageRejected),
            ("ErrMessage_InputImageRisk", .inputImageRejected),
            ("web_fail2generate_input_retry", .inputImageRejected),
            ("web_video_violates_community_guidelines_toast", .outputFiltered),
            ("ErrMessage_APP_OutputVideoRisk", .outputFiltered),
            ("web_OutputImageRisk_toast", .outputFiltered),
            ("web_generation_failed_toast", .imageGenerationFailed),
            ("web_something_new", .imageGenerationFailed),
        ])
    func starlingKeys(key: String, kind: SiteFault.Kind) throws {
        let record = try Fixtures.record(["status": 30, "fail_starling_key": .string(key)])
        #expect(record.fault().kind == kind)
    }

    @Test(
        "a failed task is judged by number, key and text together",
        arguments: [
            (["fail_code": "2047"] as JSONValue, .contentPolicyViolation),
            (["fail_code": 2_042], .outputFiltered),
            (["fail_code": "1017", "fail_starling_key": "web_generation_failed_toast"], .imageGenerationFailed),
            (["fail_code": "1017", "fail_starling_key": "x_inputimagerisk"], .inputImageRejected),
            (["fail_code": "424242"], .imageGenerationFailed),
            (["fail_code": "424242", "fail_msg": "违规内容"], .contentPolicyViolation),
            (["task": ["resp_ret": ["errmsg": "copyright block"]]], .contentPolicyViolation),
            (
                ["item_list": [["gen_result_data": ["result_code": 1, "result_msg": "tns check did not pass"]]]],
                .contentPolicyViolation
            ),
            (["fail_code": "1006"], .insufficientCredits),
            (["fail_code": "4013"], .riskControl),
            (["generate_type": 10, "fail_code": "2002"], .videoGenerationFailed),
        ] as [(JSONValue, SiteFault.Kind)])
    func failedTasks(members: JSONValue, kind: SiteFault.Kind) throws {
        let fault = try Fixtures.record(members).fault()
        #expect(fault.kind == kind)
        #expect(fault.context == .task)
    }

    @Test(
        "the advice fits the fault",
        arguments: [
            ("1057", SiteCallContext.submit, RetryAdvice.backOff), ("1010", .submit, .requeue),
            ("2008", .read, .readAgain), ("1014", .submit, .refreshSignature), ("3018", .submit, .never),
            ("1015", .read, .otherAccount), ("1006", .submit, .otherAccount), ("2038", .submit, .never),
            ("1002", .submit, .never), ("424242", .submit, .never), ("424242", .read, .readAgain),
        ])
    func advice(ret: String, context: SiteCallContext, advice: RetryAdvice) {
        #expect(SiteFault.refusal(.init(ret: ret), context: context).retry == advice)
    }

    @Test("a broken gateway on a read is read again, on a submit never repeated")
    func httpAdvice() {
        #expect(SiteFault.http(status: 502, bodyStart: [], context: .read).retry == .readAgain)
        #expect(SiteFault.http(status: 502, bodyStart: [], context: .submit).retry == .never)
        #expect(SiteFault.http(status: 404, bodyStart: [], context: .read).retry == .never)
    }

    @Test("only content refusals of a submit count towards a cooldown")
    func cooldown() {
        #expect(SiteFault.refusal(.init(ret: "2038"), context: .submit).countsTowardsCooldown)
        #expect(!SiteFault.refusal(.init(ret: "2038"), context: .upload).countsTowardsCooldown)
        #expect(!SiteFault.refusal(.init(ret: "2005"), context: .submit).countsTowardsCooldown)
    }

    @Test("neither the description nor a dump repeats the site's words")
    func redaction() throws {
        let secret = "hunter2 secret prompt"
        let fault = SiteFault.refusal(
            .init(ret: secret, failCode: secret, starlingKey: secret, texts: [secret, "busy"], logID: secret),
            context: .submit)
        let record = try Fixtures.record(["fail_msg": .string(secret), "fail_starling_message": .string(secret)])
        var text = "\(fault) \(String(reflecting: fault))"
        dump(fault, to: &text)
        dump(record, to: &text)
        #expect(!text.contains("hunter2"))
        #expect(fault.hints.contains(.busy))
        #expect("\(SiteFault.refusal(.init(ret: "1057"), context: .submit))" == "upstream_busy at submit (ret 1057)")
    }

    @Test("labels are distinct and fit for metrics")
    func labels() {
        let kinds: [SiteFault.Kind] = [
            .invalidSession, .unconfirmedSession, .insufficientCredits, .dailyLimitReached, .accountBlocked,
            .riskControl, .concurrencyLimit, .busy, .contentPolicyViolation, .inputImageRejected, .outputFiltered,
            .rejectedParameters, .permissionDenied, .membershipRequired, .complianceConfirmationRequired,
            .regionNotAllowed,
            .protocolChanged, .modelUnavailable, .imageGenerationFailed, .videoGenerationFailed, .transientRead,
            .nothingReceived, .httpStatus(500), .invalidResponse,
        ]
        #expect(Set(kinds.map(\.label)).count == kinds.count)
        #expect(SiteFault.Kind.httpStatus(404).label == SiteFault.Kind.httpStatus(500).label)
    }
}
