import Foundation
import NIOCore
import WireJSON

/// A `multipart/form-data` body whose files are read while it is sent.
struct MultipartForm: Sendable {
    struct File: Hashable, Sendable {
        /// The form's field.
        var name: String
        var path: String
    }

    fileprivate enum Piece: Sendable {
        case bytes([UInt8])
        case file(path: String, byteCount: Int64)
    }

    private static let mostBytes: Int64 = 200 << 20
    private static let chunk = 256 * 1024

    let boundary: String
    private let pieces: [Piece]

    /// Texts of `fields` stand as they are, other values as JSON.
    /// `boundary`: must not occur in the files; a random text doesn't.
    /// - Throws: ``GatewayClient/Problem`` when a file is not there or is larger than 200 MB.
    init(fields: JSONObject, files: [File], boundary: String) throws {
        self.boundary = boundary
        var pieces: [Piece] = []
        for (name, value) in fields {
            let text = value.string ?? value.serializedString()
            pieces.append(.bytes(Self.head(boundary, name) + Array("\r\n\(text)\r\n".utf8)))
        }
        for file in files {
            let size = try Self.size(of: file.path)
            let fileName = URL(fileURLWithPath: file.path).lastPathComponent
            pieces.append(
                .bytes(
                    Self.head(boundary, file.name, fileName)
                        + Array("Content-Type: application/octet-stream\r\n\r\n".utf8)))
            pieces.append(.file(path: file.path, byteCount: size))
            pieces.append(.bytes([0x0D, 0x0A]))
        }
        pieces.append(.bytes(Array("--\(boundary)--\r\n".utf8)))
        self.pieces = pieces
    }

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    var byteCount: Int64 {
        pieces.reduce(0) { sum, piece in
            switch piece {
            case .bytes(let bytes): sum + Int64(bytes.count)
            case .file(_, let byteCount): sum + byteCount
            }
        }
    }

    /// Fails when a file can't be read or has changed its length.
    var body: Body { Body(pieces: pieces) }

    private static func head(_ boundary: String, _ name: String, _ fileName: String? = nil) -> [UInt8] {
        var text = "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(escaped(name))\""
        if let fileName { text += "; filename=\"\(escaped(fileName))\"" }
        return Array((text + "\r\n").utf8)
    }

    /// As browsers write names (the HTML standard).
    private static func escaped(_ name: String) -> String {
        String(
            name.unicodeScalars.reduce(into: "") { text, scalar in
                switch scalar {
                case "\"": text += "%22"
                case "\r": text += "%0D"
                case "\n": text += "%0A"
                default: text.unicodeScalars.append(scalar)
                }
            })
    }

    private static func size(of path: String) throws -> Int64 {
        let values: URLResourceValues
        do {
            values = try URL(fileURLWithPath: path).resourceValues(forKeys: [.fileSizeKey, .isRegularFileKey])
        } catch {
            throw GatewayClient.Problem(message: "\(path) can't be read", status: .usage)
        }
        guard values.isRegularFile == true, let size = values.fileSize else {
            throw GatewayClient.Problem(message: "\(path) is no file", status: .usage)
        }
        guard size <= mostBytes else {
            throw GatewayClient.Problem(message: "\(path) is larger than \(mostBytes >> 20) MB", status: .usage)
        }
        return Int64(size)
    }

    struct Body: AsyncSequence, Sendable {
        fileprivate let pieces: [Piece]

        struct AsyncIterator: AsyncIteratorProtocol {
            fileprivate var pieces: ArraySlice<Piece>
            fileprivate var open: (handle: FileHandle, left: Int64)?

            mutating func next() async throws -> ByteBuffer? {
                if let (handle, left) = open {
                    guard left > 0 else {
                        open = nil
                        return try await next()
                    }
                    let data = try handle.read(upToCount: Int(Swift.min(left, Int64(MultipartForm.chunk)))) ?? Data()
                    guard !data.isEmpty else {
                        throw GatewayClient.Problem(message: "a file became shorter while it was sent")
                    }
                    open = (handle, left - Int64(data.count))
                    return ByteBuffer(bytes: data)
                }
                switch pieces.popFirst() {
                case nil: return nil
                case .bytes(let bytes): return ByteBuffer(bytes: bytes)
                case .file(let path, let byteCount):
                    open = (try FileHandle(forReadingFrom: URL(fileURLWithPath: path)), byteCount)
                    return try await next()
                }
            }
        }

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pieces: pieces[...], open: nil) }
    }
}
