import SiteWire
import WireJSON

/// The storage services: keys, announcements, bytes, commits (protocol page `upload.md`).
extension SiteState {
    // MARK: - Keys

    /// `get_upload_token`.
    mutating func uploadToken(
        _ call: SiteCall, caller: SandboxCaller, at now: Int64, links: MediaLinks
    ) throws(SandboxRefusal) -> JSONValue {
        let body = try? JSONValue.parse(call.body)
        guard let scene = body?["scene"]?.int, (1...3).contains(scene) else {
            throw SandboxRefusal(1000, "scene of get_upload_token is not 1, 2 or 3")
        }
        let count = withAccount(of: caller, at: now) { account in
            account.uploadTokens += 1
            return account.uploadTokens
        }
        let life = configuration.uploadKeyLife.components.seconds
        // The first keys of this script are already over when they are handed out.
        let expiresAt = now / 1_000 + (caller.script == .uploadExpired && count == 1 ? -1 : life)
        let keys = addKeys(for: caller, links: links, expiresAt: expiresAt)
        return keys.json(isImage: scene == 2, at: now / 1_000)
    }

    // MARK: - Signed calls

    /// Judges and answers a signed call. What it throws is refused with the vendor's codes.
    mutating func storage(
        _ call: StorageCall, action: StorageAction, at now: Int64, links: MediaLinks
    ) throws(StorageRefusal) -> (region: String, result: JSONValue) {
        let signature = try StorageSignature(call, unixSeconds: now / 1_000)
        guard let keys = uploadKeys(accessKeyID: signature.accessKeyID) else { throw StorageRefusal(.invalidAccessKey) }
        let caller = SandboxCaller(sessionID: keys.sessionID, region: keys.region)
        do throws(StorageRefusal) {
            try admit(call, action: action, signature: signature, keys: keys, caller: caller, at: now)
            return (signature.region, try result(of: call, action: action, caller: caller, at: now, links: links))
        } catch {
            if let violation = error.violation { withAccount(of: caller, at: now) { $0.note(violation: violation) } }
            throw error
        }
    }

    private mutating func admit(
        _ call: StorageCall, action: StorageAction, signature: StorageSignature, keys: UploadKeys,
        caller: SandboxCaller, at now: Int64
    ) throws(StorageRefusal) {
        guard keys.expiresAt > now / 1_000 else { throw StorageRefusal(.invalidAccessKey) }
        guard call.headers["x-amz-security-token"] == keys.sessionToken else {
            throw StorageRefusal(.missingAuthenticationToken, "security token is not that of the keys")
        }
        let profile = keys.region.profile
        var regions = [profile.signingRegion]
        if !configuration.isStrict, let other = profile.alternativeSigningRegion { regions.append(other) }
        guard signature.service == action.service, regions.contains(signature.region) else {
            // Another name of the same region is a thing clients try.
            let isOther = signature.region == profile.alternativeSigningRegion
            throw StorageRefusal(
                .signatureDoesNotMatch, isOther ? nil : "signature for another service or region")
        }
        let hosts = [call.authority] + [profile.imageX, profile.vod].map { String($0.dropFirst("https://".count)) }
        guard signature.matches(call, secret: keys.secret, hosts: hosts) else {
            throw StorageRefusal(.signatureDoesNotMatch, "signature of a storage call does not fit")
        }
        let count = withAccount(of: caller, at: now) { account in
            account.storageCalls += 1
            return account.storageCalls
        }
        // The service has minutes in which it refuses what is right.
        if caller.script == .uploadWindow, count <= 2 { throw StorageRefusal(.signatureDoesNotMatch) }
        guard call.headers["cookie"] == nil else {
            throw StorageRefusal(.accessDenied, "cookie sent to a storage service")
        }
        let space = action.space(in: keys.region)
        guard call.parameter(space.name) == space.value else {
            throw StorageRefusal(.accessDenied, "\(space.name) of another space")
        }
    }

    private mutating func result(
        of call: StorageCall, action: StorageAction, caller: SandboxCaller, at now: Int64, links: MediaLinks
    ) throws(StorageRefusal) -> JSONValue {
        switch action {
        case .applyImage, .applyClip:
            if configuration.isStrict, action == .applyClip {
                guard call.parameter("FileType") == "video", call.parameter("IsInner") == "1" else {
                    throw StorageRefusal(.missingParameter, "FileType or IsInner is missing")
                }
            }
            if configuration.isStrict, action == .applyImage, caller.region.isInternational {
                guard call.parameter("device_platform") == "web" else {
                    throw StorageRefusal(.missingParameter, "device_platform is missing outside of China")
                }
            }
            guard let size = call.parameter("FileSize").flatMap(Int.init), (1...SandboxUpload.sizeLimit).contains(size)
            else { throw StorageRefusal(.missingParameter, "FileSize is missing, 0 or too large") }
            return announcement(
                of: addUpload(isImage: action.isImage, size: size, caller: caller, at: now, links: links),
                authority: call.authority, links: links)
        case .commitImage, .commitClip:
            guard let body = try? JSONValue.parse(call.body), let key = body["SessionKey"]?.string,
                let number = SandboxUpload.number(sessionKey: key), let upload = upload(number),
                upload.sessionKey == key, upload.accountKey == caller.accountKey, upload.isImage == action.isImage
            else { throw StorageRefusal(.missingParameter, "SessionKey is none that was handed out") }
            return action.isImage
                ? commitImage(upload, caller: caller, at: now)
                : commitClip(upload, caller: caller, at: now, links: links)
        }
    }

    private func announcement(of upload: SandboxUpload, authority: String, links: MediaLinks) -> JSONValue {
        let stores: JSONValue = [
            [
                "StoreUri": .string(upload.storeURI), "Auth": .string(upload.authorization),
                "UploadID": .string("sandbox-\(upload.number)"),
            ]
        ]
        let host = JSONValue.string(authority)
        guard upload.isImage else {
            let vid = JSONValue.string(links.vid(MediaLinks.Place(kind: .clip, number: upload.number)))
            return [
                "InnerUploadAddress": [
                    "UploadNodes": [
                        [
                            "Type": "TosEdge", "Vid": vid, "Vids": [vid], "UploadHost": host,
                            "SessionKey": .string(upload.sessionKey), "StoreInfos": stores,
                        ]
                    ]
                ]
            ]
        }
        // Clients have met the host under both names.
        let hosts: (String, JSONValue) =
            upload.number.isMultiple(of: 2) ? ("UploadHost", host) : ("UploadHosts", [host])
        return [
            "UploadAddress": .object(
                JSONObject([
                    ("StoreInfos", stores), hosts, ("UploadHeader", .null), ("SessionKey", .string(upload.sessionKey)),
                ])),
            "SDKParam": nil,
        ]
    }

    // MARK: - Commits

    /// A picture that was stored whole and can be read is from now on one of the account's.
    private mutating func commitImage(_ upload: SandboxUpload, caller: SandboxCaller, at now: Int64) -> JSONValue {
        guard let facts = upload.facts, let media = facts.media, media.kind == .picture,
            caller.script != .uploadUnreadable
        else { return ["Results": [["Uri": .string(upload.storeURI), "UriStatus": 2001]]] }
        commit(upload.number, caller: caller, at: now)
        let uri = JSONValue.string(upload.storeURI)
        let name = upload.storeURI.split(separator: "/").last.map(String.init) ?? ""
        return [
            "Results": [["Uri": uri, "UriStatus": 2000]],
            "PluginResult": [
                [
                    "FileName": .string(name), "SourceUri": uri, "ImageUri": uri,
                    "ImageWidth": .integer(Int64(media.width)), "ImageHeight": .integer(Int64(media.height)),
                    "ImageMd5": .string(facts.md5), "ImageFormat": .string(media.format),
                    "ImageSize": .integer(Int64(facts.size)), "FrameCnt": 1,
                ]
            ],
        ]
    }

    private mutating func commitClip(
        _ upload: SandboxUpload, caller: SandboxCaller, at now: Int64, links: MediaLinks
    ) -> JSONValue {
        guard let facts = upload.facts, let media = facts.media, media.kind != .picture,
            caller.script != .uploadUnreadable
        else { return ["Results": []] }
        commit(upload.number, caller: caller, at: now)
        var meta: [(String, JSONValue)] = [("Uri", .string(upload.storeURI))]
        if media.kind == .video {
            meta += [("Width", .integer(Int64(media.width))), ("Height", .integer(Int64(media.height)))]
        }
        let seconds = Double(media.milliseconds) / 1_000
        meta += [
            ("Duration", .number(seconds)),
            ("Bitrate", .integer(seconds > 0 ? Int64(Double(facts.size) * 8 / seconds) : 0)),
            ("Format", .string(media.format)), ("Codec", .string(media.codec)), ("Size", .integer(Int64(facts.size))),
            ("Md5", .string(facts.md5)),
        ]
        if media.framesPerSecond > 0 { meta.append(("Fps", .integer(Int64(media.framesPerSecond)))) }
        let vid = links.vid(MediaLinks.Place(kind: .clip, number: upload.number))
        return ["Results": [["Vid": .string(vid), "VideoMeta": .object(JSONObject(meta))]]]
    }

    private mutating func commit(_ number: Int, caller: SandboxCaller, at now: Int64) {
        updateUpload(number) { $0.isCommitted = true }
        withAccount(of: caller, at: now) { $0.uploads += 1 }
        if let upload = upload(number) { remember(.upload(upload), of: caller.sessionID) }
    }

    // MARK: - Use

    /// The caller's committed picture with this URI.
    func uploadedPicture(uri: String, of caller: SandboxCaller, links: MediaLinks) -> SandboxUpload? {
        guard let place = links.place(uri: uri), place.kind == .upload, let upload = upload(place.number),
            upload.isCommitted, upload.accountKey == caller.accountKey, upload.storeURI == uri
        else { return nil }
        return upload
    }

    /// The caller's committed video or sound with this id.
    func uploadedClip(vid: String, of caller: SandboxCaller, links: MediaLinks) -> SandboxUpload? {
        guard let place = links.place(vid: vid), place.kind == .clip, let upload = upload(place.number),
            upload.isCommitted, upload.accountKey == caller.accountKey
        else { return nil }
        return upload
    }
}

extension SandboxUpload {
    init(
        number: Int, isImage: Bool, size: Int, caller: SandboxCaller, createdAt: Int64, links: MediaLinks
    ) {
        let space = isImage ? StorageAction.imageSpace(in: caller.region) : StorageAction.clipSpace
        self.init(
            number: number, accountKey: caller.accountKey, sessionID: caller.sessionID, region: caller.region,
            isImage: isImage,
            storeURI: isImage ? links.uri(upload: number, region: caller.region) : links.uri(clip: number), size: size,
            authorization: "SpaceKey/\(space)/\(isImage ? 0 : 1)/:version:v2:"
                + links.secret("authorization \(number)").prefix(48),
            sessionKey: "sandbox-\(number)-" + links.secret("session \(number)").prefix(32), createdAt: createdAt)
    }

    /// The number in a session key, which proves nothing.
    static func number(sessionKey: String) -> Int? {
        let parts = sessionKey.split(separator: "-")
        return parts.count == 3 ? Int(parts[1]) : nil
    }
}
