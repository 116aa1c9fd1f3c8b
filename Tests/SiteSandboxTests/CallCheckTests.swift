import SiteWire
import Testing
import WireJSON

@testable import SiteSandbox

@Suite("What every call must have")
struct CallCheckTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        var ret: Int
        /// Nil when the lenient mode takes it.
        var lenientRet: Int?
        var change: @Sendable (inout SiteCall) -> Void
        var testDescription: String { name }
    }

    static let faults = [
        Fault(name: "no cookie", ret: 1015, lenientRet: 1015) { $0.headers["cookie"] = nil },
        Fault(name: "an empty session", ret: 1015, lenientRet: 1015) { $0.headers["cookie"] = "sessionid=; a=b" },
        Fault(name: "another content type", ret: 1000, lenientRet: 1000) { $0.headers["content-type"] = "text/plain" },
        Fault(name: "aid of another region", ret: 1000, lenientRet: 1000) { $0.query["aid"] = "513641" },
        Fault(name: "Appid of another region", ret: 1000, lenientRet: 1000) { $0.headers["appid"] = "513641" },
        Fault(name: "an unknown region", ret: 1000, lenientRet: 1000) { $0.query["region"] = "xx" },
        Fault(name: "the region in capitals", ret: 1000) { $0.query["region"] = "CN" },
        Fault(name: "no Appid", ret: 1000) { $0.headers["appid"] = nil },
        Fault(name: "no aid", ret: 1000) { $0.query["aid"] = nil },
        Fault(name: "no webId", ret: 1000) { $0.query["webId"] = nil },
        Fault(name: "the language of another region", ret: 1000) { $0.headers["lan"] = "en" },
        Fault(name: "no signature", ret: 1014) { $0.headers["sign"] = nil },
        Fault(name: "a wrong signature", ret: 1014) { $0.headers["sign"] = String(repeating: "0", count: 32) },
        Fault(name: "another version than was signed", ret: 1014) { $0.headers["appvr"] = "5.8.0" },
        Fault(name: "another time than was signed", ret: 1014) { $0.headers["device-time"] = "1772260001" },
        Fault(name: "no sign-ver", ret: 1014) { $0.headers["sign-ver"] = nil },
    ]

    @Test("is missed with the right ret", arguments: faults)
    func missed(fault: Fault) throws {
        let strict = SiteBench()
        var call = strict.call(.userInfo)
        fault.change(&call)
        #expect(SiteBench.ret(try strict.json(call)) == fault.ret)
        #expect(strict.site.statistics.violationCount == 1)
        let lenient = SiteBench { $0.isStrict = false }
        #expect(SiteBench.ret(try lenient.json(call)) == fault.lenientRet ?? 0)
    }

    @Test("is there in a correct call of every region", arguments: SiteRegion.allCases)
    func regions(region: SiteRegion) throws {
        let bench = SiteBench()
        for endpoint in [SandboxEndpoint.userInfo, .imageConfig, .videoConfig, .credits] {
            #expect(SiteBench.ret(try bench.json(endpoint, region: region)) == 0)
        }
        #expect(bench.site.statistics.violations == [])
    }

    @Test("is a clock that is about right")
    func clock() throws {
        let bench = SiteBench()
        let call = bench.call(.userInfo)
        bench.advance(seconds: 299)
        #expect(SiteBench.ret(try bench.json(call)) == 0)
        bench.advance(seconds: 2)
        #expect(SiteBench.ret(try bench.json(call)) == 1014)
    }

    @Test("for the balance is no query and the right page")
    func creditForm() throws {
        let bench = SiteBench()
        var call = bench.call(.credits)
        call.query["aid"] = "513695"
        #expect(SiteBench.ret(try bench.json(call)) == 1014)
        call = bench.call(.credits)
        call.headers["referer"] = "https://jimeng.jianying.com"
        #expect(SiteBench.ret(try bench.json(call)) == 1014)
    }
}
