import WireJSON

/// The answer of a store to a raw upload. Either the bytes arrived whole, or this throws.
package enum StoreReply {
    /// Success is a 2xx status with code 2000, and no other checksum than the one announced.
    package static func check(
        status: Int, body: UnsafeRawBufferPointer, announced crc32: UInt32
    ) throws(UploadFault) {
        let value = try? JSONValue.parse(body)
        let code = value?["code"]?.looseInt
        guard (200..<300).contains(status) else {
            throw UploadFault(kind: status >= 500 ? .httpStatus(status) : .notStored, step: .store, code: code)
        }
        guard let code else { throw UploadFault(kind: .invalidResponse, step: .store) }
        guard code == 2_000 else { throw UploadFault(kind: .notStored, step: .store, code: code) }
        if let text = value?["data"]?["crc32"]?.string, let echoed = UInt32(text, radix: 16), echoed != crc32 {
            throw UploadFault(kind: .notStored, step: .store, code: code)
        }
    }

    /// As the form for raw buffers.
    package static func check(status: Int, body: [UInt8], announced crc32: UInt32) throws(UploadFault) {
        let result = body.withUnsafeBytes { buffer in
            Result { () throws(UploadFault) in try check(status: status, body: buffer, announced: crc32) }
        }
        try result.get()
    }
}
