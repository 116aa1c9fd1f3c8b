// swift-tools-version:6.2
import PackageDescription

/// Settings of every Swift target: Swift 6 language mode (complete data-race checking), explicit `any`, imports
/// that name what a file uses, imports that stay private unless they say otherwise, and no warning left standing.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let dequeModule: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let heapModule: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPCompression: Target.Dependency = .product(name: "NIOHTTPCompression", package: "swift-nio-extras")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")

let package = Package(
    name: "jimeng",
    products: [.executable(name: "jimeng", targets: ["jimeng"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: [.defaults, "YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // Values without I/O.
        .target(name: "WireJSON", swiftSettings: strict),
        .target(name: "SiteWire", dependencies: ["WireJSON", crypto], swiftSettings: strict),

        // The engine and its ports.
        .target(
            name: "GatewayCore", dependencies: [dequeModule, heapModule, logging, serviceLifecycle],
            swiftSettings: strict),

        // Adapters: the site, the store, the results, pictures.
        .target(
            name: "SiteClient",
            dependencies: [
                "GatewayCore", "SiteWire", "WireJSON", asyncHTTPClient, logging, nioCore, nioHTTP1, nioHTTPCompression,
                nioPosix, nioSSL,
            ], swiftSettings: strict),
        .target(name: "StoreSQLite", dependencies: ["GatewayCore", grdb, logging], swiftSettings: strict),
        .target(
            name: "MediaFiles", dependencies: ["GatewayCore", "Pictures", crypto, logging, nioCore, nioPosix],
            swiftSettings: strict),
        .target(
            name: "MediaS3",
            dependencies: ["GatewayCore", "MediaFiles", asyncHTTPClient, crypto, logging, nioCore, nioHTTP1],
            swiftSettings: strict),
        .target(name: "CPicture", cSettings: [.define("_GNU_SOURCE")]),
        .target(name: "Pictures", dependencies: ["CPicture", logging, subprocess], swiftSettings: strict),

        // The surfaces.
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .target(
            name: "ServerConnections", dependencies: [hummingbirdCore, logging, nioCore], swiftSettings: strict),
        .target(
            name: "GatewayHTTP",
            dependencies: [
                "CZlib", "GatewayCore", "ServerConnections", "WireJSON", httpTypes, hummingbird, logging, nioCore,
                nioHTTP1,
                serviceLifecycle,
            ], swiftSettings: strict),

        // The site, simulated.
        .target(
            name: "SiteSandbox",
            dependencies: [
                "Pictures", "ServerConnections", "SiteWire", "WireJSON", crypto, httpTypes, hummingbird, logging,
                nioCore,
            ],
            exclude: ["README.md"], swiftSettings: strict),

        // Composition root and executable.
        .target(name: "CRuntime"),
        .target(
            name: "GatewayApp",
            dependencies: [
                "CRuntime", "GatewayCore", "GatewayHTTP", "MediaFiles", "MediaS3", "Pictures", "SiteClient",
                "SiteSandbox",
                "SiteWire", "StoreSQLite", "WireJSON", argumentParser, asyncHTTPClient, configuration, crypto,
                hummingbird, logging, nioCore, nioPosix, serviceLifecycle, yams,
            ], swiftSettings: strict),
        .executableTarget(name: "jimeng", dependencies: ["GatewayApp", argumentParser], swiftSettings: strict),

        // The measuring program; no part of what is shipped.
        .executableTarget(
            name: "GatewayBench",
            dependencies: ["WireJSON", argumentParser, hummingbird, logging, nioCore, nioHTTP1, nioPosix],
            swiftSettings: strict),

        // Tests.
        .target(name: "GatewayTesting", dependencies: ["GatewayCore", logging], swiftSettings: strict),
        .testTarget(name: "WireJSONTests", dependencies: ["WireJSON"], swiftSettings: strict),
        .testTarget(
            name: "SiteWireTests", dependencies: ["SiteWire", "WireJSON"], exclude: ["Vectors"], swiftSettings: strict),
        .testTarget(
            name: "GatewayCoreTests", dependencies: ["GatewayCore", "GatewayTesting", logging, serviceLifecycle],
            swiftSettings: strict),
        .testTarget(
            name: "StoreSQLiteTests", dependencies: ["StoreSQLite", "GatewayCore", "GatewayTesting", grdb, logging],
            swiftSettings: strict),
        .testTarget(
            name: "MediaFilesTests",
            dependencies: ["MediaFiles", "GatewayCore", "GatewayTesting", "Pictures", logging, nioPosix],
            swiftSettings: strict),
        .target(
            name: "BucketTesting", dependencies: ["ServerConnections", httpTypes, hummingbird, logging, nioCore],
            path: "Tests/BucketTesting", swiftSettings: strict),
        .testTarget(
            name: "MediaS3Tests",
            dependencies: [
                "BucketTesting", "MediaS3", "GatewayCore", "GatewayTesting", "MediaFiles", asyncHTTPClient, httpTypes,
                logging, nioCore, nioHTTP1, nioPosix,
            ], swiftSettings: strict),
        .testTarget(name: "PicturesTests", dependencies: ["Pictures"], swiftSettings: strict),
        .testTarget(
            name: "SiteClientTests",
            dependencies: [
                "SiteClient", "SiteWire", "GatewayCore", "GatewayTesting", "WireJSON", asyncHTTPClient, hummingbird,
                logging, nioCore, nioPosix, nioSSL,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SiteSandboxTests",
            dependencies: ["SiteSandbox", "SiteWire", "WireJSON", hummingbird, hummingbirdTesting],
            swiftSettings: strict),
        .testTarget(
            name: "ServerConnectionsTests",
            dependencies: ["ServerConnections", hummingbird, logging, nioCore, nioPosix],
            swiftSettings: strict),
        .testTarget(
            name: "GatewayHTTPTests",
            dependencies: [
                "GatewayHTTP", "GatewayCore", "GatewayTesting", "WireJSON", hummingbird, hummingbirdTesting,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "GatewayBenchTests", dependencies: ["GatewayBench", "WireJSON", nioCore], swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "BucketTesting", "GatewayApp", "GatewayCore", "GatewayHTTP", "GatewayTesting", "MediaS3", "Pictures",
                "ServerConnections", "SiteClient", "SiteSandbox", "SiteWire", "StoreSQLite", "WireJSON", "jimeng",
                asyncHTTPClient, grdb,
                hummingbird, logging, nioCore, nioHTTP1, nioPosix,
            ], swiftSettings: strict),
    ],
    cLanguageStandard: .c2x
)
