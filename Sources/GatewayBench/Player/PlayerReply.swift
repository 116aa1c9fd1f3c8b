import NIOCore

/// The site's answers, written as text of the recorded answers' shape and size (protocol/examples).
struct PlayerReply {
    /// `http://host:port` of the player, where its pictures are.
    let base: String
    /// ``MonotonicClock`` nanoseconds.
    let now: Int64

    /// `data` in the envelope of the web API.
    func envelope(_ data: String) -> ByteBuffer {
        let seconds = Int(MonotonicClock.unixSeconds())
        return ByteBuffer(
            string: """
                {"ret":"0","errmsg":"success","systime":"\(seconds)","logid":"20260228062640AAA00000000000000001","data":\(data)}
                """)
    }

    /// Accepted means 20, however short the job is: its end is for the history call to tell.
    func accepted(_ job: PlayerJob) -> ByteBuffer {
        envelope(
            """
            {"aigc_data":\(record(of: job, isNew: true)),"fail_code":"","fail_starling_key":"","fail_starling_message":""}
            """)
    }

    /// Keyed by the ids asked for; unknown ids are left out.
    func history(_ jobs: [PlayerJob]) -> ByteBuffer {
        envelope("{" + jobs.map { "\"\($0.submitID)\":\(record(of: $0))" }.joined(separator: ",") + "}")
    }

    /// The balance, in the envelope of the commerce API.
    static let credits = ByteBuffer(
        string: """
            {"ret":"0","errmsg":"success","svr_time":1772260000,"log_id":"20260228062640AAA00000000000000001",\
            "response":"{}","sign":"","data":{"credit":{"vip_credit":0,"gift_credit":100000,"purchase_credit":0},\
            "expiring_credits":[],"credits_detail":{},"receive_quota":66,"cur_total_credits":100000}}
            """)

    /// One lossless WebP pixel.
    static let picture = ByteBuffer(bytes: [
        0x52, 0x49, 0x46, 0x46, 0x1A, 0x00, 0x00, 0x00, 0x57, 0x45, 0x42, 0x50, 0x56, 0x50, 0x38, 0x4C, 0x0D, 0x00,
        0x00, 0x00, 0x2F, 0x00, 0x00, 0x00, 0x10, 0x07, 0x10, 0x11, 0x11, 0x88, 0x88, 0xFE, 0x07, 0x00,
    ])

    /// 20 at first, 42 while it runs, 50 with all pictures from its end on.
    private func record(of job: PlayerJob, isNew: Bool = false) -> String {
        let isFinished = !isNew && job.isFinished(at: now)
        let status = isFinished ? 50 : isNew ? 20 : 42
        let items = isFinished ? (1...max(1, job.pictureCount)).map { item(of: job, $0) }.joined(separator: ",") : ""
        let finish = isFinished ? Int(job.createdAt + Double(job.endsAt - job.acceptedAt) / 1e9) : 0
        let id = job.historyID
        return """
            {"generate_type":1,"history_record_id":"\(id)","origin_history_record_id":null,"created_time":\(job.createdAt),\
            "item_list":[\(items)],"origin_item_list":[],"task":{"task_id":"\(id)","submit_id":"\(job.submitID)","aid":0,\
            "status":\(status),"finish_time":\(finish),"history_id":"\(id)","task_payload":null,"original_input":null,\
            "req_first_frame_image":null},"mode":"workbench","status":\(status),"history_group_key":"\(prompt(of: job))",\
            "submit_id":"\(job.submitID)","generate_id":"20260228062640AAA00000000000000009",\
            "model_info":{"model_name":"5.0","model_req_key":"high_aes_general_v50"},\
            "forecast_generate_cost":\(job.forecastSeconds),"forecast_queue_cost":0,"queue_info":{"queue_idx":0,\
            "priority":3,"queue_status":\(isFinished ? 3 : 2),"queue_length":0,"polling_config":{"interval_seconds":30,\
            "timeout_seconds":86400},"priority_queue_display_threshold":{"waiting_time_threshold":60,\
            "vip_queuing_time_threshold":300},"debug_info":"{}"},"total_image_count":\(job.pictureCount),\
            "finished_image_count":\(isFinished ? job.pictureCount : 0),"image_type":3,"fail_code":"",\
            "fail_starling_key":"","fail_starling_message":""}
            """
    }

    private func prompt(of job: PlayerJob) -> String { ImageOrder.prompt(job.number) }

    private func item(of job: PlayerJob, _ index: Int) -> String {
        let digits = String(job.number * 100 + index)
        let id = "75" + String(repeating: "0", count: max(0, 17 - digits.utf8.count)) + digits
        let uri = "tos-cn-i-tb4s082cfz/" + String(repeating: "0", count: max(0, 32 - digits.utf8.count)) + digits
        func url(_ edge: Int) -> String {
            "\(base)/\(uri)~tplv-tb4s082cfz-aigc_resize:\(edge):\(edge).webp?lk3s=00000000&x-expires=1999999999"
                + "&x-signature=EXAMPLE%3D&format=.webp"
        }
        let covers = [360, 480, 720, 1080, 2400, 4096].map { "\"\($0)\":\"\(url($0))\"" }.joined(separator: ",")
        return """
            {"common_attr":{"id":"\(id)","effect_id":"\(id)","effect_type":9,"title":"","description":"\(prompt(of: job))",\
            "cover_url":"\(url(360))","item_urls":[""],"md5":"","create_time":\(Int(job.createdAt)),"status":144,\
            "review_info":{"review_status":0},"aspect_ratio":1.0,"publish_source":"","cover_url_map":{\(covers)},\
            "local_item_id":"\(id)","cover_uri":"\(uri)","cover_height":2048,"cover_width":2048,"has_published":false},\
            "author":null,"image":{"format":"webp","large_images":[{"image_uri":"\(uri)","image_url":"\(url(2400))",\
            "width":2048,"height":2048,"format":"webp"}]},"aigc_image_params":{"generate_type":1,\
            "text2image_params":{"prompt":"\(prompt(of: job))","seed":2543210987}},\
            "gen_result_data":{"result_code":0,"result_msg":"Success"},"aigc_draft":{"version":"3.3.9","uri":"example"}}
            """
    }
}
