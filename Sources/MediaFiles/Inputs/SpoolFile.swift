import GatewayCore

/// An input on its way to the disk, with both checksums that uploads want.
struct SpoolFile: Sendable {
    private(set) var file: IncomingFile
    private var crc = CRC32()

    init(folder: String, name: String) throws(FileCallError) {
        file = try IncomingFile(folder: folder, name: name)
    }

    var crc32: UInt32 { crc.value }

    mutating func append(_ bytes: [UInt8]) throws(FileCallError) {
        try file.append(bytes)
        crc.update(bytes)
    }
}
