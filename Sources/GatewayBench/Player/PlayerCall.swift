/// What the player reads out of a request: found by plain search in the compact JSON that the site's own front end
/// sends too, because decoding whole drafts would make the player a part of what is measured.
struct PlayerCall {
    private let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The client's id of a submission.
    var submitID: String? {
        position(after: "\"submit_id\":\"", from: 0).flatMap { text(from: $0) }
    }

    /// The number the load generator put into the prompt, behind ``ImageOrder/mark``.
    var number: Int? {
        position(after: ImageOrder.mark, from: 0).flatMap { digits(from: $0) }
    }

    /// `gen_option.gen_count` of the draft, which is JSON text inside JSON text.
    var pictureCount: Int? {
        position(after: "gen_count\\\":", from: 0).flatMap { digits(from: $0) }
    }

    /// The ids of a history call, at most 1,000.
    var submitIDs: [String] {
        guard var index = position(after: "\"submit_ids\":[", from: 0) else { return [] }
        var ids: [String] = []
        while index < bytes.count, ids.count < 1_000, bytes[index] == UInt8(ascii: "\"") {
            guard let id = text(from: index + 1) else { break }
            ids.append(id)
            index += id.utf8.count + 2
            if index < bytes.count, bytes[index] == UInt8(ascii: ",") { index += 1 }
        }
        return ids
    }

    private func position(after mark: String, from start: Int) -> Int? {
        var mark = mark
        return mark.withUTF8 { mark in
            guard let first = mark.first, bytes.count >= mark.count else { return nil }
            var index = start
            while index <= bytes.count - mark.count {
                if bytes[index] == first, (1..<mark.count).allSatisfy({ bytes[index + $0] == mark[$0] }) {
                    return index + mark.count
                }
                index += 1
            }
            return nil
        }
    }

    private func text(from start: Int) -> String? {
        let end = min(start + 64, bytes.count)
        guard start < end else { return nil }
        guard let close = bytes[start..<end].firstIndex(of: UInt8(ascii: "\"")) else { return nil }
        return String(decoding: bytes[start..<close], as: UTF8.self)
    }

    private func digits(from start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        let digits = bytes[start...].prefix(9).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
