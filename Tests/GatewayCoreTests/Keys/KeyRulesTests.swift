import Foundation
import GatewayCore
import GatewayTesting
import Testing

@Suite struct KeyRulesTests {
    @Test func `nothing said is nothing forbidden`() {
        let rules = KeyRules()
        #expect(rules.permits(.video, model: "anything"))
        #expect(rules.permits(nil as IPAddress?))
        #expect(rules.scopes == [.generate, .readGenerations, .cancelGenerations])
    }

    @Test func `kind and model must both be allowed`() {
        var rules = KeyRules()
        rules.kinds = [.image]
        rules.models = ["jimeng-4.5"]
        #expect(rules.permits(.image, model: "jimeng-4.5"))
        #expect(!rules.permits(.video, model: "jimeng-4.5"))
        #expect(!rules.permits(.image, model: "jimeng-4.0"))
    }

    @Test(arguments: [
        ("10.1.2.3", true), ("11.0.0.1", false), ("::ffff:10.1.2.3", true), ("2001:db8::7", true),
        ("2001:db9::7", false), ("192.0.2.1", true), ("192.0.2.2", false),
    ])
    func `only listed addresses may come`(text: String, isAllowed: Bool) {
        var rules = KeyRules()
        rules.networks = ["10.0.0.0/8", "2001:db8::/32", "192.0.2.1"].compactMap { IPNetwork.reading($0) }
        #expect(rules.networks.count == 3)
        #expect(rules.permits(IPAddress(text)) == isAllowed)
        #expect(!rules.permits(nil as IPAddress?))
    }

    @Test(arguments: [
        ("requests_per_minute", 0), ("requests_per_minute", 1_000_001), ("jobs_at_once", 0), ("jobs_at_once", 100_001),
    ])
    func `limits out of bounds are told by their name`(name: String, value: Int) {
        var rules = KeyRules()
        if name == "jobs_at_once" { rules.jobsAtOnce = value } else { rules.requestsPerMinute = value }
        let problem = #expect(throws: RequestProblem.self) { try rules.check() }
        #expect(problem?.kind == .valueOutOfRange)
        #expect(problem?.param == name)
    }

    @Test func `rules survive being written, and an unknown scope does not become none`() throws {
        let data = try JSONEncoder().encode(KeyRules.fullSample)
        #expect(try JSONDecoder().decode(KeyRules.self, from: data) == .fullSample)
        for text in [#"{"scopes":["fly"]}"#, "{}", #"{"scopes":[],"networks":["10.0.0.0/99"]}"#] {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(KeyRules.self, from: Data(text.utf8)) }
        }
    }

    @Test func `an administrator may look at everything and stop it, but not spend`() {
        let covered = KeyScope.allCases.filter { $0.isIn([.admin]) }
        #expect(Set(covered) == [.readGenerations, .cancelGenerations, .readAccounts, .metrics, .admin])
        #expect(!KeyScope.admin.isIn(KeyScope.client))
    }
}
