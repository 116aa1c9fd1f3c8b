import HTTPTypes

/// The id under which a request appears in its answer and in the log.
enum RequestID {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// The client's own id when it is well formed (`[A-Za-z0-9_-]{1,128}`), else `req_` and 24 random characters.
    static func choose(from headers: HTTPFields, random: RandomSource) -> String {
        if let id = headers[.xRequestID], isWellFormed(id) { return id }
        if let id = headers[.xClientRequestID], isWellFormed(id) { return id }
        return "req_" + characters(24, random: random)
    }

    /// Random lower-case base 32, five bits a character.
    static func characters(_ count: Int, random: RandomSource) -> String {
        String(unsafeUninitializedCapacity: count) { buffer in
            var bits: UInt64 = 0
            var left = 0
            for index in 0..<count {
                if left < 5 {
                    bits = random.next()
                    left = 60
                }
                buffer[index] = alphabet[Int(bits & 31)]
                bits >>= 5
                left -= 5
            }
            return count
        }
    }

    private static func isWellFormed(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
