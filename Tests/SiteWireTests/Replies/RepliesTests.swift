import SiteWire
import Testing
import WireJSON

@Suite struct RepliesTests {
    @Test(
        "an accepted submission names its task, echoes the id and forecasts",
        arguments: ["t2i", "t2i-16x9-jp", "multi", "blend", "nanobanana-us"])
    func submit(example: String) throws {
        let name = "generate-image.\(example).success"
        let sent = try #require(try Vectors.example(name)["request"]?["body"]?["submit_id"]?.string)
        let reply = try SubmitReply(try open(name, .submit), media: .image)
        #expect(reply.historyID.hasPrefix("1300000000000"))
        #expect(reply.echoedSubmitID == sent)
        #expect(reply.record.forecastGeneration == 37)
        #expect(reply.record.queue?.state == .processing)
        #expect(reply.record.queue?.pollInterval == 30)
        #expect(TaskOutcome(reply.record) == .running)
    }

    @Test("a submission accepted without a task id is a fault, classified by what lies beside it")
    func submitWithoutTask() throws {
        let empty = try Fixtures.open(["ret": "0", "data": ["aigc_data": nil]], context: .submit)
        #expect(throws: SiteFault(kind: .invalidResponse, context: .submit, ret: "0")) {
            try SubmitReply(empty, media: .image)
        }
        let refused = try Fixtures.open(
            ["ret": "0", "data": ["aigc_data": nil, "fail_code": "2038", "fail_starling_key": ""]], context: .submit)
        #expect(throws: SiteFault(kind: .contentPolicyViolation, context: .submit, failCode: "2038")) {
            try SubmitReply(refused, media: .image)
        }
    }

    @Test("ids and counts may be numbers or strings")
    func looseTypes() throws {
        let record = try Fixtures.record([
            "history_record_id": 1_234_567_890_123_456_789, "status": "42",
            "task": ["status": "20", "finish_time": "0"],
            "total_image_count": "4", "finished_image_count": 1.0, "fail_code": 0, "item_list": nil, "uid": ["x": []],
            "forecast_cost_time": ["forecast_generate_cost": "93", "forecast_queue_cost": 5],
        ])
        #expect(record.historyID == "1234567890123456789")
        #expect(record.recordStatus == 42)
        #expect(record.taskStatus == 20)
        #expect(record.totalCount == 4)
        #expect(record.finishedCount == 1)
        #expect(record.failCode == nil)
        #expect(!record.hasFailure)
        #expect(record.finishedAt == nil)
        #expect(record.items.isEmpty)
        #expect(record.forecastGeneration == 93)
        #expect(record.forecastQueue == 5)
    }

    @Test("a batch answer is matched by the ids asked for, and an id without an entry stays out")
    func batch() throws {
        let asked = ["13000000000001", "13000000000002", "13000000000009"]
        let reply = HistoryReply(try open("history.batch.success"), asked: asked)
        #expect(reply.records.keys.sorted() == ["13000000000001", "13000000000002"])
        let done = try #require(reply.records["13000000000001"])
        #expect(done.items.count == 4)
        #expect(done.submitID == "11111111-1111-4111-8111-111111111111")
        #expect(done.createdAt == 1_772_260_000.595)
        #expect(done.finishedAt == 1_772_260_012)
        #expect(done.modelKey == "high_aes_general_v40l")
        #expect(reply.records["13000000000002"]?.recordStatus == 42)
    }

    @Test("an answer by submit id has the submit id as its key")
    func bySubmitID() throws {
        let id = "11111111-1111-4111-8111-111111111111"
        #expect(HistoryReply(try open("history.by-submit-ids.success"), asked: [id]).records[id]?.historyID != nil)
    }

    @Test("records that come as a list are matched by the ids inside them, never by position")
    func listFallback() throws {
        let envelope = try open("history-records.success")
        #expect(HistoryReply(envelope, asked: ["13000000000004"]).records.count == 1)
        #expect(HistoryReply(envelope, asked: ["44444444-4444-4444-8444-444444444444"]).records.count == 1)
        #expect(HistoryReply(envelope, asked: ["13000000000001"]).records.isEmpty)
    }

    @Test("a missing task and an answer of another shape give no record")
    func missingRecords() throws {
        #expect(HistoryReply(try open("history.image.missing.success"), asked: ["13000000000001"]).records.isEmpty)
        for data: JSONValue in [nil, [], ["a": nil], ["a": "x"], ["a": []], "text"] {
            #expect(HistoryReply(try Fixtures.open(["ret": "0", "data": data]), asked: ["a"]).records.isEmpty)
        }
    }

    @Test("a picture has its URL, durable name, size, format and expiry")
    func imageItem() throws {
        let reply = HistoryReply(try open("history.image.status50.success"), asked: ["13000000000001"])
        let item = try #require(reply.records["13000000000001"]?.items.first)
        #expect(item.media == .image)
        #expect(item.id == "7500000000000000001")
        #expect(item.url.contains("aigc_resize:2400:2400"))
        #expect(item.uri == "tos-cn-i-tb4s082cfz/00000000000000000000000000000001")
        #expect(item.width == 2_048)
        #expect(item.height == 2_048)
        #expect(item.format == "webp")
        #expect(item.expiry == 1_774_420_000)
        #expect(!item.isPreview)
    }

    @Test("pictures without a large URL fall back to the cover, and without either are left out")
    func imageFallback() throws {
        let cover: JSONValue = ["common_attr": ["id": 7, "cover_url": "https://c/x", "cover_uri": "u"]]
        let refused: JSONValue = ["gen_result_data": ["result_code": 3, "result_msg": "blocked"]]
        let hostile: JSONValue = ["image": ["large_images": [["image_url": "file:///etc/passwd"]]]]
        let record = try Fixtures.record([
            "status": 50, "item_list": [cover, refused, hostile, nil, 5], "failed_item_list": [[:], [:]],
        ])
        #expect(record.items.count == 1)
        #expect(record.items.first?.isPreview == true)
        #expect(record.items.first?.uri == "u")
        #expect(record.items.first?.id == "7")
        #expect(record.withheldItemCount == 3)
    }

    @Test(
        "a video's URL is taken from the first place that has one",
        arguments: [
            (
                [
                    "common_attr": ["transcoded_video": ["origin": ["video_url": "https://1"]]],
                    "video": ["transcoded_video": ["origin": ["video_url": "https://2"]]],
                ], "https://1"
            ),
            (
                ["video": ["transcoded_video": ["origin": ["video_url": "https://2"]], "play_url": "https://3"]],
                "https://2"
            ),
            (["video": ["play_url": "https://3", "download_url": "https://4", "url": "https://5"]], "https://3"),
            (["video": ["download_url": "https://4", "url": "https://5"]], "https://4"),
            (["video": ["url": "https://5", "video_url": "https://6"]], "https://5"),
            (["video": ["video_url": "https://6"]], "https://6"),
            (
                [
                    "video": [
                        "transcoded_video": [
                            "480p": ["width": 854, "video_url": "https://7"],
                            "720p": ["width": 1280, "video_url": "https://8"],
                        ]
                    ]
                ], "https://8"
            ),
            (["video": ["cover_url": "https://c"], "common_attr": ["cover_url": "https://c"]], nil),
        ] as [(JSONValue, String?)])
    func videoURL(item: JSONValue, expected: String?) throws {
        let record = try Fixtures.record(["generate_type": 10, "item_list": [item]])
        #expect(record.items.first?.url == expected)
        #expect(record.media == .video)
    }

    @Test("a finished video has its id, size and length", arguments: ["status50", "status50-intl"])
    func videoItem(example: String) throws {
        let reply = HistoryReply(try open("history.video.\(example).success"), asked: ["13000000000004"])
        let item = try #require(reply.records["13000000000004"]?.items.first)
        #expect(item.media == .video)
        #expect(item.uri == "v0280example00000000000000000099")
        #expect(item.width == 1_280)
        #expect(item.durationMilliseconds == 5_042)
        #expect(item.hasAudio == false)
        #expect(item.format == "mp4")
    }

    @Test("queue place and wait are read")
    func queue() throws {
        let reply = HistoryReply(try open("history.video.status20-queued.success"), asked: ["13000000000004"])
        let record = try #require(reply.records["13000000000004"])
        #expect(record.queue?.state == .queued)
        #expect(record.queue?.position == 37)
        #expect(record.queue?.length == 412)
        #expect(record.queue?.timeout == 86_400)
        #expect(record.forecastQueue == 5_400)
        #expect(record.forecastGeneration == 180)
    }

    @Test("the count the site accepted is read from the draft it echoes")
    func acceptedCount() throws {
        let draft = "{\"gen_option\":{\"gen_count\": 3}}"
        #expect(try Fixtures.record(["draft_content": .string(draft)]).acceptedCount == 3)
        #expect(try Fixtures.record(["draft_content": "{\"gen_count\":99999}"]).acceptedCount == nil)
        #expect(try Fixtures.record(["draft_content": "{}"]).acceptedCount == nil)
    }

    @Test("a record of hostile size costs no more than the limits")
    func hostileRecord() throws {
        let item: JSONValue = ["image": ["large_images": [["image_url": "https://x"]]]]
        let record = try Fixtures.record(["item_list": .array(Array(repeating: item, count: 1_000))])
        #expect(record.items.count == 64)
        let huge = try Fixtures.record(["total_image_count": -5, "created_time": -1, "status": 1e300])
        #expect(huge.totalCount == 0)
        #expect(huge.createdAt == nil)
        #expect(huge.recordStatus == nil)
    }

    @Test("the balance is the sum of its parts, and unknown when the answer names none")
    func balance() throws {
        let reply = CreditReply(try open("credit.success"))
        #expect(reply.balance?.total == 22)
        #expect(reply.expiries == CreditReply(try open("credit.success")).expiries)
        #expect(reply.expiries.first?.amount == 22)
        #expect(reply.expiries.first?.at == 1_772_294_399)
        #expect(CreditReply(try open("credit.intl.success")).balance?.gift == 120)
        #expect(CreditReply(try open("credit.zero.success")).balance?.total == 0)
        #expect(CreditReply(try open("credit.missing-credit.fail")).balance == nil)
    }

    @Test("a claim brings credits, or nothing, which is no error")
    func claim() throws {
        let reply = ClaimReply(try open("credit-receive.success", .claim))
        #expect(reply.received == 66)
        #expect(reply.total == 66)
        #expect(reply.streakDays == nil)
        let again = try fault("credit-receive.already-received.fail", .claim)
        #expect(ClaimReply(refusedBy: again)?.received == 0)
        let busy = try fault("credit-receive.system-busy.fail", .claim)
        #expect(busy.kind == .busy)
        #expect(ClaimReply(refusedBy: busy) == nil)
        #expect(ClaimReply(refusedBy: SiteFault(kind: .invalidSession, context: .claim)) == nil)
    }

    @Test("ledger entries carry the submit id, from data or from response")
    func ledger() throws {
        let example = try open("credit-history.success")
        var beside = example.body.object ?? JSONObject()
        beside["data"] = ["total_credit": 1]
        for envelope in [example, try Fixtures.open(.object(beside))] {
            let reply = LedgerReply(envelope)
            #expect(reply.entries.count == 1)
            #expect(reply.entries.first?.amount == 1)
            #expect(reply.entries.first?.submitID == "11111111-1111-4111-8111-111111111111")
            #expect(reply.entries.first?.createdAt == 1_772_260_001)
            #expect(reply.nextCursor == "20")
            #expect(!reply.hasMore)
        }
        let spent = try Fixtures.open([
            "ret": 0, "data": ["records": [["amount": "3", "history_type": 2], ["amount": 1, "history_type": 1]]],
        ])
        #expect(LedgerReply(spent).entries.map(\.isSpending) == [true, false])
    }

    @Test("a session is alive, dead, or not known to be either")
    func session() throws {
        func passport(_ example: String, _ status: Int = 200) throws -> SessionReply {
            SessionReply.passport(status: status, body: try Vectors.response(example))
        }
        #expect(try passport("account-info.success") == .alive)
        #expect(try passport("account-info.expired.fail") == .dead)
        #expect(try passport("account-info.intl-404.fail", 404) == .unknown)
        #expect(SessionReply.passport(status: 200, body: []) == .unknown)
        #expect(SessionReply.credit(.success(CreditReply(try open("credit.success")))) == .alive)
        #expect(SessionReply.credit(.success(CreditReply(try open("credit.missing-credit.fail")))) == .unknown)
        #expect(SessionReply.credit(.failure(try fault("credit.login-expired.fail", .check))) == .dead)
        #expect(SessionReply.credit(.failure(SiteFault(kind: .busy, context: .check))) == .unknown)
        #expect(SessionReply.userInfo(.success(try open("user-info.success"))) == .alive)
        #expect(SessionReply.userInfo(.failure(try fault("user-info.expired.fail", .check))) == .dead)
    }

    @Test("fresh URLs are found under data and at the top level")
    func imagesByURI() throws {
        let uri = "tos-cn-i-tb4s082cfz/00000000000000000000000000000001"
        let example = try open("image-by-uri.success")
        var top = example.body.object ?? JSONObject()
        top["uri2image"] = top["data"]?["uri2image"]
        top["data"] = nil
        for envelope in [example, try Fixtures.open(.object(top))] {
            let reply = ImageURIReply(envelope, asked: [uri, "other"])
            #expect(reply.pictures.count == 1)
            #expect(reply.pictures[uri]?.width == 2_048)
        }
    }

    private func open(_ example: String, _ context: SiteCallContext = .read) throws -> SiteEnvelope {
        try SiteEnvelope.open(status: 200, body: try Vectors.response(example), context: context)
    }

    private func fault(_ example: String, _ context: SiteCallContext) throws -> SiteFault {
        try #require(throws: SiteFault.self) { try open(example, context) }
    }
}
