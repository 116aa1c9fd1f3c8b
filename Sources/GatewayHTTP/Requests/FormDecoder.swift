import GatewayCore
import NIOCore
import WireJSON

/// Form fields as a JSON object: repeated names and `name[]` become arrays, `name[key]` objects, everything else text.
enum FormDecoder {
    static let maximumFields = 100

    static func decode(_ body: ByteBuffer) throws(RequestProblem) -> JSONObject {
        var object = JSONObject()
        let pairs = body.readableBytesView.split(
            separator: UInt8(ascii: "&"), maxSplits: maximumFields, omittingEmptySubsequences: true)
        guard pairs.count <= maximumFields else { throw RequestProblem(.tooManyParts) }
        for pair in pairs {
            let halves = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = halves.first.map({ text($0) }), !name.isEmpty else { continue }
            add(.string(halves.count > 1 ? text(halves[1]) : ""), named: name, to: &object)
        }
        return object
    }

    static func add(_ value: JSONValue, named name: String, to object: inout JSONObject) {
        let field = FieldName(name)
        guard let key = field.key else {
            switch object[name] {
            case nil: object[name] = value
            case .array(let values)?: object[name] = .array(values + [value])
            case .some(let first): object[name] = .array([first, value])
            }
            return
        }
        let base = field.base
        if key.isEmpty {
            object[base] = .array((object[base]?.array ?? object[base].map { [$0] } ?? []) + [value])
        } else {
            var members = object[base]?.object ?? JSONObject()
            members[key] = value
            object[base] = .object(members)
        }
    }

    /// Percent and plus decoded; bytes that are no UTF-8 become U+FFFD.
    static func text(_ bytes: some Collection<UInt8>) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "+"): decoded.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = iterator.next() else {
                    decoded.append(byte)
                    break
                }
                guard let low = iterator.next() else {
                    decoded.append(contentsOf: [byte, high])
                    break
                }
                if let upper = hexValue(high), let lower = hexValue(low) {
                    decoded.append(upper << 4 | lower)
                } else {
                    decoded.append(contentsOf: [byte, high, low])
                }
            default: decoded.append(byte)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
