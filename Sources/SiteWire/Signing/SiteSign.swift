import Crypto

/// The `Sign` header of web API and commerce calls (protocol page `transport.md`, section 5).
package enum SiteSign {
    /// Header `Pf`.
    package static let platform = "7"

    /// Lower-case hex MD5 of the signed text. `path` is the URL's path without query (of one shorter than seven
    /// characters all is taken); `appVersion` and `unixSeconds` must be what the headers `Appvr` and `Device-Time` of
    /// the same request say.
    package static func value(path: String, appVersion: String, unixSeconds: Int64) -> String {
        var text = "9e2c|\(path.suffix(7))|\(platform)|\(appVersion)|\(unixSeconds)||11ac"
        var hash = Insecure.MD5()
        text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return HexText.of(hash.finalize())
    }
}
