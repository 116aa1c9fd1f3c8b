import GatewayCore
import GatewayTesting
import HTTPTypes
import Hummingbird
import Logging
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("The error table")
struct ErrorTableTests {
    private static let codes =
        RequestProblem.Kind.allCases.map(\.rawValue) + GenerationFault.Kind.allCases.map(\.rawValue)

    private func responder(_ configure: (inout HTTPConfiguration) -> Void = { _ in }) -> ErrorResponder {
        var configuration = HTTPConfiguration()
        configure(&configuration)
        return ErrorResponder(configuration: configuration, catalogue: .sample, logger: LogRecorder().logger())
    }

    private func error(_ code: String) throws -> any Error {
        if let kind = RequestProblem.Kind(rawValue: code) {
            let values = RequestProblem.Placeholder.allCases.map { ($0, Self.value(of: $0)) }
            return RequestProblem(kind, param: "P", values: Dictionary(uniqueKeysWithValues: values))
        }
        let kind = try #require(GenerationFault.Kind(rawValue: code))
        var failure = APIFailure(GenerationFault(kind, failCode: "2038", httpStatus: 418))
        for placeholder in RequestProblem.Placeholder.allCases {
            failure.values[placeholder] = Self.value(of: placeholder)
        }
        return failure
    }

    private static func value(of placeholder: RequestProblem.Placeholder) -> PlaceholderText {
        switch placeholder {
        case .param: "P"
        case .requestID: "req_1"
        default: PlaceholderText(english: "E-\(placeholder.rawValue)", chinese: "Z-\(placeholder.rawValue)")
        }
    }

    /// What faults fill in by themselves, whatever else is given.
    private static let ownValues: [String: (english: String, chinese: String)] = [
        "site": ("Jimeng", "Jimeng"), "fail_code": ("2038", "2038"), "status": ("418", "418"),
        "short": ("the store refused it", "存储服务拒绝"),
    ]

    private func filled(_ template: String, chinese: Bool, isFault: Bool) -> String {
        var text = template
        for placeholder in RequestProblem.Placeholder.allCases {
            let name = placeholder.rawValue
            let general = Self.value(of: placeholder)
            var value = chinese ? general.chinese : general.english
            if isFault, let own = Self.ownValues[name] { value = chinese ? own.chinese : own.english }
            text = text.split(separator: "{\(name)}", omittingEmptySubsequences: false).joined(separator: value)
        }
        return text
    }

    @Test("has a published row for every code, and a code for every row")
    func complete() {
        #expect(Set(Self.codes) == Set(ErrorTable.rows.map(\.code)))
        #expect(Self.codes.count == ErrorTable.rows.count)
    }

    @Test("answers each row with its status, type, texts and repeat advice", arguments: ErrorTable.rows)
    func rows(_ row: ErrorTable.Row) throws {
        let isFault = GenerationFault.Kind(rawValue: row.code) != nil
        for (language, text) in [("en-GB,zh", row.english), ("zh-CN", row.chinese)] {
            let response = responder().response(
                for: try error(row.code), headers: [.acceptLanguage: language], requestID: "req_1")
            let body = object(responder(), try error(row.code), language: language, requestID: "req_1")
            #expect(response.status.code == row.status)
            #expect(body["type"] == .string(row.type))
            #expect(body["code"] == .string(row.code))
            #expect(
                body["message"] == .string(filled(text, chinese: language.hasPrefix("zh"), isFault: isFault)))
            #expect(body["retryable"] == .bool(row.retryable))
            #expect(body["request_id"] == "req_1")
            #expect(body["generation_id"] == .null)
            #expect(body["param"] == (isFault ? .null : "P"))
            #expect(response.headers[.shouldRetry] == (row.retryable ? "true" : "false"))
            #expect((response.headers[.wwwAuthenticate] != nil) == (row.status == 401))
            #expect(response.headers[.contentType] == "application/json; charset=utf-8")
        }
    }

    @Test("leaves no placeholder unfilled when nothing is known")
    func unfilled() throws {
        for code in Self.codes {
            let bare: any Error =
                RequestProblem.Kind(rawValue: code).map { RequestProblem($0) }
                ?? GenerationFault.Kind(rawValue: code).map { GenerationFault($0) }
                ?? GenerationFault(.internalError)
            let message = object(responder(), bare)["message"]?.string
            #expect(message?.contains("{") == false, "\(code)")
        }
    }

    @Test("what the site accepted is never to be repeated")
    func acceptedIsFinal() throws {
        let job = Job.sample().with { $0.historyID = "1" }
        let failure = APIFailure(GenerationFault(.upstreamBusy), job: job)
        let response = responder().response(for: failure, headers: [:], requestID: "r")
        #expect(response.headers[.shouldRetry] == "false")
        #expect(response.headers[.xGenerationID] == job.id.rawValue)
        #expect(object(responder(), failure)["generation_id"] == .string(job.id.rawValue))
    }

    @Test("waits are announced as SDKs read them")
    func waits() throws {
        let known = GenerationFault(.upstreamBusy, retryAfter: .milliseconds(2500))
        let short = responder().response(for: known, headers: [:], requestID: "r")
        #expect(short.headers[.retryAfter] == "3")
        #expect(short.headers[.retryAfterMilliseconds] == "2500")
        #expect(short.headers[.shouldRetry] == "true")
        let long = responder().response(
            for: GenerationFault(.upstreamBusy, retryAfter: .seconds(600)), headers: [:], requestID: "r")
        #expect(long.headers[.retryAfter] == "600")
        #expect(long.headers[.shouldRetry] == "false")
        let upload = responder().response(for: GenerationFault(.uploadTimeout), headers: [:], requestID: "r")
        #expect(upload.headers[.retryAfter] == "5")
    }

    @Test("exhausted credits can be 402")
    func creditsStatus() {
        let responder = responder { $0.creditsStatus = .paymentRequired }
        for kind in [GenerationFault.Kind.insufficientCredits, .paidCreditsRequired, .dailyLimitReached] {
            #expect(responder.response(for: GenerationFault(kind), headers: [:], requestID: "r").status.code == 402)
        }
        #expect(
            responder.response(for: GenerationFault(.upstreamBusy), headers: [:], requestID: "r").status.code == 429)
    }

    @Test("the site's own numbers are shown, or not")
    func upstream() throws {
        let fault = GenerationFault(.contentPolicyViolation, ret: "2038", logID: "2026")
        #expect(object(responder(), fault)["upstream"] == ["ret": "2038", "log_id": "2026"])
        #expect(object(responder { $0.exposesUpstream = false }, fault)["upstream"] == .null)
    }

    @Test("several accounts that failed are counted")
    func accountsTried() throws {
        var fault = GenerationFault(.insufficientCredits)
        fault.accountsTried = 2
        #expect(
            object(responder(), fault)["message"] == "Not enough credits on the account. (tried 2 accounts)")
        #expect(object(responder(), fault, language: "zh")["message"] == "积分不足。（已尝试 2 个账号）")
    }

    @Test(
        "the text follows the caller's preference, then the prompt, then the configuration",
        arguments: [
            ("zh-TW,en", "cat", Language.english, true), ("en", "猫", .chinese, false), ("*", "猫", .english, true),
            (nil, "cat", .chinese, true), (nil, "cat", .english, false), ("fr", "一只猫", .english, true),
        ] as [(String?, String, Language, Bool)])
    func languages(_ header: String?, _ prompt: String, _ locale: Language, _ isChinese: Bool) throws {
        let responder = responder { $0.locale = locale }
        let failure = APIFailure(RequestProblem(.tooFewImages), prompt: prompt)
        #expect(
            object(responder, failure, language: header)["message"]
                == (isChinese ? "请至少附上一张输入图片。" : "At least one input image is required."))
    }

    @Test("an error that nobody planned tells only the request's id")
    func unexpected() throws {
        struct Surprise: Error { var secret = "sessionid-0123456789" }
        #expect(responder().response(for: Surprise(), headers: [:], requestID: "req_9").status.code == 500)
        let text = object(responder(), Surprise(), requestID: "req_9").serializedString()
        #expect(text.contains("Quote req_9"))
        #expect(!text.contains("sessionid"))
    }

    /// The object in the body of the answer to an error.
    private func object(
        _ responder: ErrorResponder, _ error: any Error, language: String? = nil, requestID: String = "r"
    ) -> JSONValue {
        responder.object(for: error, acceptLanguage: language, requestID: requestID)["error"] ?? .null
    }
}
