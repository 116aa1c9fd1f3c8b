import GatewayCore
import Testing

@testable import SiteClient

@Suite("Which addresses may be fetched from")
struct AddressPolicyTests {
    @Test("every range of the standard policy can be read")
    func ranges() {
        #expect(AddressPolicy.standard.refused.count == AddressPolicy.standardTexts.count)
    }

    @Test(
        "addresses of the public internet are permitted",
        arguments: [
            "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
            "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
            "192.167.255.255",
            "192.169.0.0", "198.17.255.255", "198.20.0.0", "203.0.112.255", "203.0.114.0", "223.255.255.255",
            "2606:4700:4700::1111", "2001:4860:4860::8888", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808",
        ])
    func permitted(_ text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressPolicy.standard.permits(address))
    }

    @Test(
        "addresses that only this machine or its network can reach are refused, in every form",
        arguments: [
            "0.0.0.0", "0.255.255.255", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200",
            "100.127.255.255",
            "127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.0.1", "169.254.169.254", "172.16.0.1",
            "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255",
            "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1",
            "255.255.255.255",
            // Version 6.
            "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
            "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1",
            "2002:7f00:1::1", "2002:808:808::1", "3fff::1", "3fff:fff::1", "4000::1", "5f00::1", "fc00::1", "fd00::1",
            "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        ])
    func refused(_ text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(!AddressPolicy.standard.permits(address))
        #expect(AddressPolicy.open.permits(address))
    }

    @Test(
        "only the canonical notations are addresses",
        arguments: [
            "", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.01", "127.0.0.1.", "1.2.3.4.5", "256.0.0.1",
            " 127.0.0.1",
            "::1%lo", "[::1]", ":::", "1::2::3", "localhost", "127.0.0.1\0", "12345::",
        ])
    func notAddresses(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        "addresses are shown in their usual form",
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("2001:DB8:0:0::1", "2001:db8::1"), ("::FFFF:7F00:1", "::ffff:127.0.0.1"),
        ])
    func shown(_ pair: (text: String, shown: String)) throws {
        let address = try #require(IPAddress(pair.text))
        #expect(address.description == pair.shown)
    }

    @Test(
        "a range ends where its prefix says",
        arguments: [
            ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
            ("172.16.0.0/12", "172.31.0.1", true), ("172.16.0.0/12", "172.32.0.1", false),
            ("1.2.3.4/32", "1.2.3.4", true), ("1.2.3.4/32", "1.2.3.5", false), ("0.0.0.0/0", "9.9.9.9", true),
            ("0.0.0.0/0", "::1", false), ("fc00::/7", "fdff::1", true), ("fc00::/7", "fe00::1", false),
        ])
    func networks(_ sample: (range: String, address: String, isInside: Bool)) throws {
        let network = try #require(IPNetwork(sample.range))
        let address = try #require(IPAddress(sample.address))
        #expect(network.contains(address) == sample.isInside)
    }

    @Test("what is no range is refused", arguments: ["", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "x/8", "::/129"])
    func notNetworks(_ text: String) {
        #expect(IPNetwork(text) == nil)
    }
}
