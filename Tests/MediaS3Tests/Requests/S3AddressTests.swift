import Testing

@testable import MediaS3

@Suite struct S3AddressTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var endpoint: String
        var isPathStyle: Bool
        var url: String
        var host: String
        var testDescription: String { url }
    }

    @Test(arguments: [
        Case(
            endpoint: "https://s3.eu-central-1.amazonaws.com", isPathStyle: false,
            url: "https://media.s3.eu-central-1.amazonaws.com/a/b%20c.webp",
            host: "media.s3.eu-central-1.amazonaws.com"),
        Case(
            endpoint: "https://s3.eu-central-1.amazonaws.com/", isPathStyle: true,
            url: "https://s3.eu-central-1.amazonaws.com/media/a/b%20c.webp", host: "s3.eu-central-1.amazonaws.com"),
        Case(
            endpoint: "http://MinIO.lan:9000", isPathStyle: true, url: "http://minio.lan:9000/media/a/b%20c.webp",
            host: "minio.lan:9000"),
        Case(
            endpoint: "http://minio.lan:80/s3/", isPathStyle: false, url: "http://media.minio.lan/s3/a/b%20c.webp",
            host: "media.minio.lan"),
        Case(
            endpoint: "https://[::1]:443", isPathStyle: true, url: "https://[::1]/media/a/b%20c.webp", host: "[::1]"),
        Case(
            endpoint: "http://[::1]:9000", isPathStyle: true, url: "http://[::1]:9000/media/a/b%20c.webp",
            host: "[::1]:9000"),
    ])
    func `an object's URL follows the style, and the host names a port only when it must`(_ example: Case) throws {
        let address = try #require(
            S3Address(endpoint: example.endpoint, bucket: "media", isPathStyle: example.isPathStyle))
        #expect(address.origin + address.path(of: "a/b c.webp") == example.url)
        #expect(address.host == example.host)
        #expect(address.source(of: "a/b c.webp", in: "media") == "/media/a/b%20c.webp")
    }

    @Test(arguments: [
        "", "minio.lan", "ftp://minio.lan", "https://", "https://:9000", "https://user@minio.lan",
        "https://minio.lan:0", "https://minio.lan:port", "https://minio.lan:99999", "https://min io.lan",
        "https://minio.lan/a?b", "https://minio.lan\r\nx: y", "https://[::1", "https://[]:1",
    ])
    func `what is no address of a service is refused`(_ endpoint: String) {
        #expect(S3Address(endpoint: endpoint, bucket: "media", isPathStyle: true) == nil)
    }

    @Test(arguments: ["", "ab", "Media", "me_dia", "-media", "media.", "me..dia", "me/dia", "média"])
    func `a name that S3 allows no bucket is refused`(_ bucket: String) {
        #expect(S3Address(endpoint: "https://minio.lan", bucket: bucket, isPathStyle: true) == nil)
    }
}
