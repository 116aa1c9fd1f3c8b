import WireJSON

/// The frames around the site's answers (protocol page `transport.md`, section 7).
struct Envelope {
    /// Seconds since 1970.
    var unixSeconds: Int64
    /// Makes the log id different from every other answer's.
    let serial: UInt64

    /// The site writes `ret` as a string or as a number; the sandbox takes turns.
    private func ret(_ code: Int) -> JSONValue {
        serial.isMultiple(of: 2) ? .string(String(code)) : .integer(Int64(code))
    }

    func web(_ data: JSONValue, extra: [(String, JSONValue)] = []) -> JSONValue {
        .object(
            JSONObject(
                [
                    ("ret", ret(0)), ("errmsg", "success"), ("systime", .string(String(unixSeconds))),
                    ("logid", .string(logID)), ("data", data),
                ] + extra))
    }

    /// The answer of the one call whose `ret` is empty on success.
    func withoutRet() -> JSONValue {
        [
            "ret": "", "errmsg": "", "systime": .string(String(unixSeconds)), "logid": .string(logID), "data": [:],
        ]
    }

    func web(_ refusal: SandboxRefusal, isSubmission: Bool) -> JSONValue {
        var data = JSONValue.null
        if isSubmission, refusal.hasEmptyFields || [1000, 1310].contains(refusal.ret) || !refusal.starlingKey.isEmpty {
            let code = refusal.starlingKey.isEmpty && refusal.ret != 1310 ? "" : String(refusal.ret)
            data = [
                "aigc_data": nil, "fail_code": .string(code), "fail_starling_key": .string(refusal.starlingKey),
                "fail_starling_message": .string(refusal.starlingKey.isEmpty ? "" : refusal.message),
            ]
        }
        return [
            "ret": ret(refusal.ret), "errmsg": .string(refusal.message), "systime": .string(String(unixSeconds)),
            "logid": .string(logID), "data": data,
        ]
    }

    /// Mainland China has the payload twice, the US only as text, the others too as text with an object beside it.
    func commerce(_ payload: JSONValue, data: JSONValue?) -> JSONValue {
        [
            "ret": ret(0), "errmsg": "success", "svr_time": .integer(unixSeconds), "log_id": .string(logID),
            "response": .string(payload.serializedString()), "sign": "c2FuZGJveA==", "data": data ?? .null,
        ]
    }

    func commerce(_ refusal: SandboxRefusal) -> JSONValue {
        [
            "ret": ret(refusal.ret), "errmsg": .string(refusal.message), "svr_time": .integer(unixSeconds),
            "log_id": .string(logID), "data": nil,
        ]
    }

    /// The local time in China and 20 hexadecimal digits.
    var logID: String { ChinaTime.digits(unixSeconds) + Self.hexadecimal(serial, digits: 20) }

    private static func hexadecimal(_ number: UInt64, digits: Int) -> String {
        let text = String(Chance.mix(number), radix: 16, uppercase: true) + String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text.suffix(digits)
    }
}
