/// The `Range` header of a download. Several ranges at once are not served: the whole is given instead, as HTTP allows.
enum ByteRange: Equatable {
    case whole
    case part(Range<Int>)
    case unsatisfiable

    /// `count` is the length of the whole, in bytes.
    init(header: String?, count: Int) {
        self = .whole
        guard let header, header.hasPrefix("bytes="), header.utf8.count <= 64 else { return }
        let halves = header.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
        guard halves.count == 2, halves.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else { return }
        switch (Int(halves[0]), Int(halves[1])) {
        case (nil, let length?) where halves[0].isEmpty:
            self = length == 0 || count == 0 ? .unsatisfiable : .part(max(0, count - length)..<count)
        case (let start?, nil) where halves[1].isEmpty:
            self = start < count ? .part(start..<count) : .unsatisfiable
        case (let start?, let end?) where start <= end:
            self = start < count ? .part(start..<min(count, end + 1)) : .unsatisfiable
        default: break
        }
    }
}
