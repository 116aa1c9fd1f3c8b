import GatewayCore
import Logging

/// Brings the materials of a request to disk, whatever form they were named in (endpoints.md section 4).
struct RequestMedia: Sendable {
    /// Downloads of one request at the same time.
    private static let parallelism = 3

    let fetcher: any InputFetcher
    let media: any MediaStore
    let links: MediaLinks
    let time: any TimeSource

    /// What a kept file may end in when a request names it without.
    private static let fileExtensions = ["webp", "png", "jpg", "gif", "mp4", "mov", "webm"]

    /// One material for each input, in their order.
    /// `kinds`: what they may be.
    /// - Throws: ``RequestProblem`` about the first input that could not be had; ``GenerationFault`` `internal_error`
    ///   when the disk fails; ``WaitInterruption``. The basket keeps what was spooled so far.
    func load(
        _ inputs: [MediaInput], kinds: [MaterialKind], into basket: InputBasket, while presence: ClientPresence
    ) async throws -> [InputMaterial] {
        guard inputs.contains(where: { !$0.isUpload }) else { return try uploads(inputs, kinds) }
        return try await presence.whileWaiting {
            try await withThrowingTaskGroup(of: (Int, InputMaterial).self) { group in
                var materials: [Int: InputMaterial] = [:]
                for (index, input) in inputs.enumerated() {
                    if index >= Self.parallelism, let (index, material) = try await group.next() {
                        materials[index] = material
                    }
                    group.addTask { (index, try await load(input, index: index + 1, kinds, into: basket)) }
                }
                for try await (index, material) in group { materials[index] = material }
                return materials.sorted { $0.key < $1.key }.map(\.value)
            }
        }
    }

    private func uploads(_ inputs: [MediaInput], _ kinds: [MaterialKind]) throws -> [InputMaterial] {
        try inputs.enumerated().compactMap { index, input in
            guard case .upload(let material) = input.reference else { return nil }
            try problem(input, .upload, index + 1, kinds).check(material)
            return material
        }
    }

    private func problem(
        _ input: MediaInput, _ origin: InputProblem.Origin, _ index: Int, _ kinds: [MaterialKind]
    ) -> InputProblem {
        InputProblem(
            origin: origin, param: input.param, index: index, kinds: kinds,
            expected: MultipartBodyReader.expected(input.field, kinds))
    }

    private func load(
        _ input: MediaInput, index: Int, _ kinds: [MaterialKind], into basket: InputBasket
    ) async throws -> InputMaterial {
        let own: OwnMedia? =
            switch input.reference {
            case .stored(let id, let fileExtension?): .file(MediaKey(id, fileExtension: fileExtension))
            case .stored(let id, nil): .anyType(id)
            case .url(let url): ownMedia(url)
            case .upload, .data: nil
            }
        let origin: InputProblem.Origin =
            switch input.reference {
            case .upload: .upload
            case .url: own == nil ? .url : .stored
            case .data(_, let isDeclared): .data(isDeclared: isDeclared)
            case .stored: .stored
            }
        let problem = problem(input, origin, index, kinds)
        let material = try await problem.telling {
            switch input.reference {
            case .upload(let material): return material
            case .data(let text, _): return try await basket.spool(Base64Body(text: text))
            case .url(let url) where own == nil:
                return try await fetched(url, kinds, into: basket)
            case .url, .stored:
                guard let own else { throw RequestProblem(.mediaNotFound, param: input.param) }
                return try await basket.spool(try await kept(own, param: input.param))
            }
        }
        try problem.check(material)
        return material
    }

    // MARK: Links

    /// Between the two attempts at a download.
    private static let secondAttempt = Duration.seconds(1)

    /// Tried again once when the connection or the remote server fails.
    private func fetched(
        _ url: String, _ kinds: [MaterialKind], into basket: InputBasket
    ) async throws -> InputMaterial {
        let limit = kinds.map { basket.limits[$0] }.max() ?? 0
        do {
            return try await basket.spool(try await fetcher.open(url, limit: limit))
        } catch let fault as InputFault where fault.mayPass {
            try await time.sleep(until: time.now + Self.secondAttempt)
            return try await basket.spool(try await fetcher.open(url, limit: limit))
        }
    }

    // MARK: Kept files

    private func kept(_ own: OwnMedia, param: String) async throws -> MediaBody {
        let keys: [MediaKey] =
            switch own {
            case .file(let key): [key]
            case .anyType(let id): Self.fileExtensions.map { MediaKey(id, fileExtension: $0) }
            }
        for key in keys {
            if let kept = try await media.open(key) { return kept.body }
        }
        throw RequestProblem(.mediaNotFound, param: param)
    }

    private enum OwnMedia {
        case file(MediaKey)
        /// Named without its ending.
        case anyType(MediaID)
    }

    /// The file behind a link that this gateway has signed, under whatever host it was reached.
    private func ownMedia(_ url: String) -> OwnMedia? {
        guard let range = url.firstRange(of: "/media/media_") else { return nil }
        let rest = url[url.index(range.lowerBound, offsetBy: "/media/".count)...]
        let halves = rest.prefix { $0 != "#" }.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, let key = MediaKey(fileName: halves[0]) else { return nil }
        let query = QueryParameters(String(halves[1]))
        guard links.isValid(key.id, expiry: query["e"] ?? "", signature: query["s"] ?? "", now: time.now) else {
            return nil
        }
        return .file(key)
    }
}

extension InputFault {
    /// Whether the same download may succeed a moment later. One that took too long has had its time.
    fileprivate var mayPass: Bool {
        switch kind {
        case .remoteStatus(let status): status >= 500
        case .remoteUnreachable: true
        case .tooLarge, .empty, .unsupportedFormat, .unavailable, .addressNotAllowed, .remoteTimeout, .remoteNotMedia:
            false
        }
    }
}
