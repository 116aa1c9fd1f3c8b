import SiteWire
import WireJSON

extension SandboxSite {
    /// A signed call of the storage services.
    func storage(_ call: StorageCall) -> StorageAnswer {
        let now = now()
        return change { state in
            let envelope = Envelope(unixSeconds: now / 1_000, serial: state.nextSerial())
            let name = call.parameter("Action") ?? ""
            let action = StorageAction(rawValue: name).flatMap { action in
                action.version == call.parameter("Version") && action.method == call.method ? action : nil
            }
            state.requests[action?.rawValue ?? "unknown storage action", default: 0] += 1
            var metadata: [(String, JSONValue)] = [
                ("RequestId", .string(envelope.logID)), ("Action", .string(action == nil ? "" : name)),
                ("Version", .string(action?.version ?? "")), ("Service", .string(action?.service ?? "")),
            ]
            do throws(StorageRefusal) {
                guard let action else { throw StorageRefusal(.invalidActionOrVersion, "unknown storage action") }
                let done = try state.storage(
                    call, action: action, at: now, links: links(base: "http://" + call.authority, now: now))
                metadata.append(("Region", .string(done.region)))
                var result = done.result.object ?? JSONObject()
                result["RequestId"] = .string(envelope.logID)
                return StorageAnswer(
                    status: 200,
                    body: ["ResponseMetadata": .object(JSONObject(metadata)), "Result": .object(result)])
            } catch {
                if let violation = error.violation { state.note(violation: violation) }
                metadata += [("Region", "cn-north-1"), ("Error", error.json)]
                return StorageAnswer(
                    status: error.status, body: ["ResponseMetadata": .object(JSONObject(metadata))])
            }
        }
    }

    /// The head of a raw upload.
    func openUpload(_ head: SiteState.RawUploadHead) -> Result<SiteState.OpenUpload, RawUploadRefusal> {
        let now = now()
        return change { state in
            state.requests["upload", default: 0] += 1
            return state.openUpload(head, at: now, links: links(base: "", now: now))
        }
    }

    /// The end of a raw upload.
    func closeUpload(_ open: SiteState.OpenUpload, facts: UploadFacts) -> StorageAnswer {
        let now = now()
        let refusal = change { $0.closeUpload(open, facts: facts, at: now) }
        return refusal?.answer ?? RawUploadRefusal.success(crc32: facts.crc32)
    }
}
