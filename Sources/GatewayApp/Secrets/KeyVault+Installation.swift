import Crypto
import Foundation
import GatewayCore
import StoreSQLite

extension KeyVault {
    private static let checkName = "key-check"
    private static let checkText = "jimeng"
    /// Fewest characters of a key given as text.
    static let shortestText = 16

    /// The vault of a data folder: its key is `given`, else that of the key file, which is made when nothing has been
    /// sealed yet. A key that does not open what the database holds is refused before anything is written, so this comes
    /// before the store is opened and brought to a newer shape; ``remember(in:)`` comes after.
    /// - Throws: ``Problem``; ``StoreFault``.
    static func installation(file: String, given: Secret?, database: StoreFile) throws -> KeyVault {
        let sealed = try database.setting(checkName) ?? database.anySealedCredential()
        let vault: KeyVault
        let source: String
        if let given {
            vault = KeyVault(master: material(of: given))
            source = "JIMENG_SECRET_KEY is set"
        } else {
            source = "the key file is \(file)"
            if sealed != nil, !FileManager.default.fileExists(atPath: file) {
                throw Problem.wrongKey(why: "there is no key file \(file)")
            }
            vault = try KeyVault(file: file)
        }
        if let sealed {
            do {
                _ = try vault.open(sealed)
            } catch {
                throw Problem.wrongKey(why: source)
            }
        }
        return vault
    }

    /// Leaves the value in the database by which the next start knows whether it has the same key, unless there is one.
    /// - Throws: ``StoreFault``.
    func remember(in store: SQLiteStore) throws {
        try store.addSetting(Self.checkName, try seal(Secret(Self.checkText)))
    }

    /// 32 bytes in hexadecimal or base64 are the key itself; any other text is stretched to one.
    static func material(of key: Secret) -> [UInt8] {
        let text = key.reveal()
        if let bytes = hexadecimal(text), bytes.count == 32 { return bytes }
        if let data = Data(base64Encoded: text), data.count == 32 { return Array(data) }
        let stretched = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(text.utf8)), info: Data("jimeng secret key".utf8),
            outputByteCount: 32)
        return stretched.withUnsafeBytes { Array($0) }
    }

    private static func hexadecimal(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        return bytes
    }
}
