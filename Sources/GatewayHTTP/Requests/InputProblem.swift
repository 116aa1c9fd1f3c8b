import GatewayCore

/// Tells why an input could not be taken, in the words of errors.md sections 3.1 and 3.4.
struct InputProblem: Sendable {
    enum Origin: Sendable {
        case upload, url, stored
        /// `isDeclared`: see ``MediaReference/data(_:isDeclared:)``.
        case data(isDeclared: Bool)
    }

    var origin: Origin
    var param: String
    /// From 1.
    var index: Int
    /// What it may be.
    var kinds: [MaterialKind]
    /// What it was meant to be, as far as the field tells.
    var expected: MaterialKind

    /// Runs `body`, with its ``InputFault`` in the words of the API.
    func telling<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let fault as InputFault {
            throw error(for: fault)
        } catch is Base64Body.Malformed {
            throw problem(.decodeFailed)
        }
    }

    /// - Throws: `unsupported_media_format` when it is none of the kinds.
    func check(_ material: InputMaterial) throws(RequestProblem) {
        guard kinds.contains(material.kind) else { throw unsupported }
    }

    private var unsupported: RequestProblem {
        .unsupportedFormat(
            of: kinds.contains(expected) ? expected : kinds.first ?? expected, index: index, param: param)
    }

    private func problem(
        _ kind: RequestProblem.Kind, _ values: [RequestProblem.Placeholder: PlaceholderText] = [:]
    ) -> RequestProblem {
        var problem = RequestProblem(kind, param: param, values: values)
        problem.values[.index] = "\(index)"
        problem.material = expected
        return problem
    }

    private func error(for fault: InputFault) -> any Error {
        switch fault.kind {
        case .unavailable: return GenerationFault(.storageUnavailable)
        case .addressNotAllowed: return problem(.urlNotAllowed)
        case .remoteTimeout: return problem(.downloadTimeout)
        case .remoteNotMedia: return problem(.downloadNotMedia)
        case .remoteStatus(let status): return problem(.downloadFailed, [.reason: "HTTP \(status)"])
        case .remoteUnreachable(let reason): return problem(.downloadFailed, [.reason: PlaceholderText(reason)])
        case .tooLarge(let kind, let limit): return tooLarge(kind, limit)
        case .empty, .unsupportedFormat: return notMedia(isEmpty: fault.kind == .empty)
        }
    }

    private func notMedia(isEmpty: Bool) -> RequestProblem {
        switch origin {
        case .url: isEmpty ? problem(.downloadFailed, [.reason: "empty body"]) : problem(.downloadNotMedia)
        // Text that only looked like data was none.
        case .data(isDeclared: false): problem(.invalidImageReference)
        case .data: isEmpty ? problem(.decodeFailed) : unsupported
        case .upload, .stored: unsupported
        }
    }

    private func tooLarge(_ kind: MaterialKind, _ limit: Int64) -> RequestProblem {
        var kind = kinds.contains(kind) ? kind : expected
        // A download is stopped before anybody knows what it is, and then called an image.
        if case .url = origin, kind == .image { kind = expected }
        guard limit > 0 else { return unsupported }
        let code: RequestProblem.Kind =
            switch kind {
            case .image: .imageTooLarge
            case .video: .videoTooLarge
            case .audio: .audioTooLarge
            }
        let shown = BodyReader.shown(Int(limit))
        return problem(
            code,
            [
                .max: PlaceholderText(shown),
                .size: PlaceholderText(english: "more than \(shown)", chinese: "超过 \(shown)"),
            ])
    }
}
