/// Where input files wait for their upload. Files are written while they are hashed, never held in memory.
package protocol InputStore: Sendable {
    /// Copies `body` to disk, streaming, and reads type, size in pixels and duration from the file's own bytes.
    /// `limits`: most bytes by kind; the kind is known from the first bytes, so the limit is applied while reading.
    /// Throws: ``InputFault``; nothing is left behind.
    func spool(_ body: MediaBody, limits: InputLimits) async throws -> InputMaterial

    /// The file's bytes, from the beginning, in chunks of at most 256 KiB.
    func read(_ input: InputMaterial) -> MediaBody

    /// Removes files; missing ones are ignored.
    func remove(_ inputs: [InputMaterial]) async

    /// Removes every file that is not among `kept` and is older than an hour. Called at the start.
    func sweep(keeping kept: Set<String>, now: Timestamp) async
}

/// Largest inputs in bytes (endpoints.md section 4.2).
package struct InputLimits: Hashable, Sendable {
    package var image: Int64 = 100 << 20
    package var video: Int64 = 200 << 20
    package var audio: Int64 = 50 << 20

    package init() {}

    package subscript(kind: MaterialKind) -> Int64 {
        switch kind {
        case .image: image
        case .video: video
        case .audio: audio
        }
    }
}

/// Why an input could not be taken.
package struct InputFault: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// Larger than the limit of its kind, in bytes.
        case tooLarge(MaterialKind, limit: Int64)
        case empty
        /// The bytes are of no supported format.
        case unsupportedFormat
        /// The disk failed.
        case unavailable
        /// The URL is of a kind, or leads to an address, that is never fetched. Where it led is not told.
        case addressNotAllowed
        /// The remote server answered with this status.
        case remoteStatus(Int)
        /// `DNS failure`, `TLS failure`, `connection refused` or `connection failed`.
        case remoteUnreachable(String)
        case remoteTimeout
        /// The remote answered with something that is no picture, video or sound.
        case remoteNotMedia
    }

    package var kind: Kind

    package init(_ kind: Kind) {
        self.kind = kind
    }

    package var description: String { "input \(kind)" }
}

/// Reads inputs that a client names by URL. Never through an account's proxy, never with cookies.
package protocol InputFetcher: Sendable {
    /// Opens an http(s) URL for reading after every check of endpoints.md section 4.3: scheme, port, no user information,
    /// every address of the name, each redirect again; the connection goes to a checked address.
    /// `limit`: most bytes; the body throws ``InputFault`` `tooLarge(.image, ...)` beyond it.
    /// Throws: ``InputFault``. The body's own failures are ``InputFault`` too.
    func open(_ url: String, limit: Int64) async throws -> MediaBody
}
