package import GatewayCore

/// Which addresses may be connected to on behalf of a client that named a URL (endpoints.md section 4.3).
package struct AddressPolicy: Hashable, Sendable {
    package var refused: [IPNetwork]

    package init(refused: [IPNetwork]) {
        self.refused = refused
    }

    /// Only addresses of the public internet: the registries of special-purpose addresses (RFC 6890 and its successors),
    /// without exceptions for the few of those that are reachable.
    package static let standard = AddressPolicy(refused: standardTexts.compactMap(IPNetwork.init))

    /// Every address.
    package static let open = AddressPolicy(refused: [])

    /// Forms of version 6 that stand for an address of version 4 are judged as that address.
    package func permits(_ address: IPAddress) -> Bool {
        let judged = address.embeddedVersion4 ?? address
        return !refused.contains { $0.contains(judged) }
    }

    static let standardTexts = [
        "0.0.0.0/8",  // this network
        "10.0.0.0/8",  // private
        "100.64.0.0/10",  // shared by carriers; metadata of one cloud
        "127.0.0.0/8",  // loopback
        "168.63.129.16/32",  // the host's own services in one cloud
        "169.254.0.0/16",  // link-local, metadata of most clouds
        "172.16.0.0/12",  // private
        "192.0.0.0/24",  // protocol assignments
        "192.0.2.0/24",  // documentation
        "192.88.99.0/24",  // 6to4 relays
        "192.168.0.0/16",  // private
        "198.18.0.0/15",  // benchmarking
        "198.51.100.0/24",  // documentation
        "203.0.113.0/24",  // documentation
        "224.0.0.0/4",  // multicast
        "240.0.0.0/4",  // reserved, broadcast
        // Version 6: everything but 2000::/3, the only block that is given out. That leaves out loopback, unspecified,
        // version-4-compatible, local NAT64, unique local, link-local, site-local and multicast addresses.
        "::/3",
        "4000::/2",
        "8000::/1",
        "2001::/23",  // protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",  // documentation
        "2002::/16",  // 6to4
        "3fff::/20",  // documentation
    ]
}
