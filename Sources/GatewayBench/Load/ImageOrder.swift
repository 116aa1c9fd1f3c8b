import NIOCore

/// Requests as the load generator sends them.
enum ImageOrder {
    /// Precedes the job's number in every prompt, so that the client's and the player's view of a job can be matched.
    static let mark = "bench-"

    static func prompt(_ number: Int) -> String { "\(mark)\(number) a lighthouse at dusk, oil on canvas" }

    /// A session id of the site's form, the same for the same number.
    static func token(_ account: Int) -> String {
        let digits = String(account, radix: 16)
        return "be" + String(repeating: "0", count: max(0, 30 - digits.utf8.count)) + digits
    }

    /// One picture, answered as a link.
    static func generation(_ number: Int, account: Int, isAsync: Bool = false) -> Call {
        let body = """
            {"prompt":"\(prompt(number))","n":1,"response_format":"url"\(isAsync ? ",\"async\":true" : "")}
            """
        return Call(
            number: number,
            bytes: ByteBuffer(
                string: """
                    POST /v1/images/generations HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(token(account))\r\n\
                    Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)
                    """))
    }

    static func record(_ id: String, number: Int, account: Int) -> Call {
        Call(
            number: number,
            bytes: ByteBuffer(
                string: """
                    GET /v1/generations/\(id) HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(token(account))\r\n\r\n
                    """))
    }

    static func get(_ path: String) -> Call {
        Call(number: 0, bytes: ByteBuffer(string: "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
    }
}

/// A request ready to be written.
struct Call: Sendable {
    var number: Int
    var bytes: ByteBuffer
}
