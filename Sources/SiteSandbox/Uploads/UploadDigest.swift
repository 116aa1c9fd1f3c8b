import Crypto

/// Takes in a file piece by piece and keeps sums and facts, not the bytes: of a file of any size at most its first
/// ``MediaProbe/headLimit`` bytes and the index of a video are held.
struct UploadDigest {
    private(set) var size = 0
    private var crc = CRC32()
    private var md5 = Insecure.MD5()
    private var sha256 = SHA256()
    private var probe = MediaProbe()

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        size += bytes.count
        crc.add(bytes)
        md5.update(bufferPointer: bytes)
        sha256.update(bufferPointer: bytes)
        probe.add(bytes)
    }

    var facts: UploadFacts {
        UploadFacts(
            size: size, crc32: crc.value, md5: StorageSignature.hexadecimal(md5.finalize()),
            sha256: StorageSignature.hexadecimal(sha256.finalize()), media: probe.facts(size: size))
    }
}
