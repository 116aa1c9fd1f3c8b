import HTTPTypes
import Testing
import WireJSON

@testable import GatewayHTTP

@Suite("The API's description", .timeLimit(.minutes(10)))
struct OpenAPITests {
    /// Paths that are for people or for the administration, and have no place in it.
    private static let undescribed: Set<String> = ["GET /", "GET /favicon.ico", "GET /openapi.json", "GET /docs"]

    private func document() async throws -> JSONValue {
        let answer = try await Gateway().send(.get, "/openapi.json", token: nil)
        #expect(answer.status == 200)
        return answer.json
    }

    @Test func `every route is described, and nothing that is no route`() async throws {
        let paths = try #require(try await document()["paths"]?.object)
        var described = Set<String>()
        for (path, operations) in paths {
            for (method, _) in try #require(operations.object) {
                let name = path.replacing("{", with: ":").replacing("}", with: "")
                described.insert("\(method.uppercased()) \(name)")
            }
        }
        let served = Gateway().router.routes.filter {
            !$0.contains(" /api/") && !$0.contains(" /dashboard") && !Self.undescribed.contains($0)
        }
        #expect(described == Set(served))
    }

    @Test func `every reference leads somewhere, and every placeholder has its parameter`() async throws {
        let document = try await document()
        func references(in value: JSONValue) -> [String] {
            if let object = value.object {
                return object.flatMap { name, value in
                    name == "$ref" ? [value.string ?? ""] : references(in: value)
                }
            }
            return value.array?.flatMap { references(in: $0) } ?? []
        }
        let all = references(in: document)
        #expect(all.count > 50)
        for reference in Set(all) {
            var place: JSONValue? = document
            for name in reference.dropFirst(2).split(separator: "/") { place = place?[String(name)] }
            #expect(place != nil, "\(reference)")
        }
        for (path, operations) in try #require(document["paths"]?.object) {
            let names = path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                String($0.dropFirst().dropLast())
            }
            for (method, operation) in try #require(operations.object) {
                let inPath = (operation["parameters"]?.array ?? []).filter { $0["in"]?.string == "path" }
                #expect(inPath.compactMap { $0["name"]?.string } == names, "\(method) \(path)")
                #expect(operation["responses"]?["default"] != nil)
            }
        }
        #expect(document["info"]?["version"]?.string == "1.2.3")
    }

    @Test func `the page for people loads nothing from elsewhere`() async throws {
        let page = try await Gateway().send(.get, "/docs", token: nil)
        #expect(page.status == 200)
        #expect(page.headers[.contentType] == "text/html; charset=utf-8")
        #expect(page.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
        let html = page.text
        #expect(html.contains("fetch('/openapi.json')"))
        #expect(!html.contains("src=") && !html.contains("innerHTML") && !html.contains("//cdn"))
    }
}
