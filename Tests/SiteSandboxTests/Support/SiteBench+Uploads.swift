import SiteWire
import Testing
import WireJSON

@testable import SiteSandbox

extension SiteBench {
    /// Keys as a client holds them.
    struct Keys {
        var access: String
        var secret: String
        var token: String
    }

    func keys(session: String = "sandbox-demo", region: SiteRegion = .cn, scene: Int64 = 2) throws -> Keys {
        let answer = try json(.uploadToken, session: session, region: region, body: ["scene": .integer(scene)])
        let data = try #require(answer["data"])
        return Keys(
            access: try #require(data["access_key_id"]?.string),
            secret: try #require(data["secret_access_key"]?.string),
            token: try #require(data["session_token"]?.string))
    }

    /// A signed call, as this program's own signer makes it.
    func storageCall(
        _ action: StorageAction, keys: Keys, region: SiteRegion = .cn, signingRegion: String? = nil,
        parameters: [(String, String)] = [], body: [UInt8]? = nil
    ) -> StorageCall {
        let space = action.space(in: region)
        let query =
            [
                SiteField("Action", action.rawValue), SiteField("Version", action.version),
                SiteField(space.name, space.value),
            ]
            + parameters.map { SiteField($0.0, $0.1) }
        let signer = SigV4Signer(
            keys: SigV4Keys(accessKeyID: keys.access, secretAccessKey: keys.secret, sessionToken: keys.token),
            region: signingRegion ?? region.profile.signingRegion, service: action.service)
        let headers = signer.headers(
            method: body == nil ? .get : .post, query: query,
            payloadHash: body.map { SigV4Signer.payloadHash(of: $0) }, at: now / 1_000)
        return StorageCall(
            method: body == nil ? "GET" : "POST",
            rawQuery: query.map { "\($0.name)=\($0.value)" }.joined(separator: "&"),
            headers: Dictionary(uniqueKeysWithValues: headers.map { ($0.name, $0.value) }), authority: "127.0.0.1:5999",
            body: body ?? [])
    }

    func apply(
        isImage: Bool, size: Int, keys: Keys, region: SiteRegion = .cn
    ) -> StorageAnswer {
        var parameters = [("FileSize", String(size)), ("s", "abcdefghij")]
        if isImage, region.isInternational { parameters.append(("device_platform", "web")) }
        if !isImage { parameters += [("FileType", "video"), ("IsInner", "1")] }
        return site.storage(
            storageCall(isImage ? .applyImage : .applyClip, keys: keys, region: region, parameters: parameters))
    }

    /// What an announcement gives.
    struct Place {
        var uri: String
        var authorization: String
        var sessionKey: String
        var host: String
        var vid: String?
    }

    func place(_ answer: StorageAnswer) throws -> Place {
        try #require(answer.status == 200)
        let result = try #require(answer.body["Result"])
        let node = try #require(result["UploadAddress"] ?? result["InnerUploadAddress"]?["UploadNodes"]?[0])
        let store = try #require(node["StoreInfos"]?[0])
        return Place(
            uri: try #require(store["StoreUri"]?.string), authorization: try #require(store["Auth"]?.string),
            sessionKey: try #require(node["SessionKey"]?.string),
            host: try #require(node["UploadHost"]?.string ?? node["UploadHosts"]?[0]?.string),
            vid: node["Vid"]?.string)
    }

    /// Sends bytes in pieces of a length no header fits into.
    func store(
        _ bytes: [UInt8], at place: Place, _ changes: [String: String?] = [:]
    ) -> StorageAnswer {
        var crc = CRC32()
        bytes.withUnsafeBytes { crc.add($0) }
        var headers = [
            "authorization": place.authorization, "content-crc32": String(crc.value, radix: 16),
            "content-type": "application/octet-stream",
        ]
        for (name, value) in changes { headers[name] = value }
        switch site.openUpload(.init(storeURI: place.uri, hasQuery: false, headers: headers)) {
        case .failure(let refusal): return refusal.answer
        case .success(let open):
            var digest = UploadDigest()
            bytes.withUnsafeBytes { buffer in
                var offset = 0
                while offset < buffer.count {
                    let end = min(buffer.count, offset + 7)
                    digest.add(UnsafeRawBufferPointer(rebasing: buffer[offset..<end]))
                    offset = end
                }
            }
            return site.closeUpload(open, facts: digest.facts)
        }
    }

    func commit(_ place: Place, isImage: Bool, keys: Keys, region: SiteRegion = .cn) -> StorageAnswer {
        var body: JSONObject = ["SessionKey": .string(place.sessionKey)]
        if !isImage { body["Functions"] = [] }
        return site.storage(
            storageCall(
                isImage ? .commitImage : .commitClip, keys: keys, region: region,
                body: JSONValue.object(body).serialized()))
    }

    /// Sends a file up and gives the last answer's result.
    func upload(
        _ bytes: [UInt8], isImage: Bool, session: String = "sandbox-demo", region: SiteRegion = .cn
    ) throws -> JSONValue {
        let keys = try keys(session: session, region: region, scene: isImage ? 2 : 1)
        let place = try place(apply(isImage: isImage, size: bytes.count, keys: keys, region: region))
        try #require(store(bytes, at: place).body["code"]?.int == 2000)
        return try #require(commit(place, isImage: isImage, keys: keys, region: region).body["Result"])
    }

    /// The URI of a picture that was sent up.
    func picture(
        session: String = "sandbox-demo", region: SiteRegion = .cn, width: Int = 640, height: Int = 480
    ) throws -> String {
        let result = try upload(
            SampleFiles.png(width: width, height: height), isImage: true, session: session, region: region)
        return try #require(result["Results"]?[0]?["Uri"]?.string)
    }

    /// The id of a video or sound that was sent up.
    func clip(_ bytes: [UInt8], session: String = "sandbox-demo", region: SiteRegion = .cn) throws -> String {
        let result = try upload(bytes, isImage: false, session: session, region: region)
        return try #require(result["Results"]?[0]?["Vid"]?.string)
    }
}
