import ArgumentParser
import Foundation
import WireJSON

/// What a key may do, as flags. Lists are separated by commas; an empty one, and 0 for a limit, takes the restriction away.
struct KeyRuleOptions: ParsableArguments {
    @Option(name: .long, help: "What it may make: image, video.")
    var kinds: String?

    @Option(name: .long, help: "Models it may use, and upscale, smart-upscale, outpaint.")
    var models: String?

    @Option(name: .long, help: "Accounts with any of these tags.")
    var tags: String?

    @Option(name: .long, help: "Regions of accounts: cn, us, hk, jp, sg.")
    var regions: String?

    @Option(name: .long, help: "Addresses and networks it may be used from.")
    var allowFrom: String?

    @Option(name: .long, help: "Requests per minute.")
    var rpm: Int?

    @Option(name: .long, help: "Unfinished generations at the same time.")
    var jobs: Int?

    @Option(name: .long, help: "Credits that its generations may cost a day.")
    var creditsPerDay: Int?

    @Option(name: .long, help: "Credits that its generations may cost a month.")
    var creditsPerMonth: Int?

    @Option(name: .long, help: "When it ends: 2026-12-31, or with a time. none = never.")
    var expires: String?

    @Option(
        name: .long,
        help: "generate, generations:read, generations:cancel, accounts:read, accounts:pin, metrics, admin.")
    var scopes: String?

    var fields: JSONObject {
        var fields = JSONObject()
        let lists = [
            ("kinds", kinds), ("models", models), ("account_tags", tags), ("regions", regions),
            ("ip_allow_list", allowFrom), ("scopes", scopes),
        ]
        for case (let name, let text?) in lists {
            let parts = text.split(separator: ",").map { part in
                JSONValue.string(part.trimmingCharacters(in: .whitespaces))
            }
            fields[name] = .array(parts)
        }
        let numbers = [
            ("requests_per_minute", rpm), ("jobs_at_once", jobs), ("credits_per_day", creditsPerDay),
            ("credits_per_month", creditsPerMonth),
        ]
        for case (let name, let number?) in numbers {
            fields[name] = number == 0 ? .null : .integer(Int64(number))
        }
        if let expires { fields["expires_at"] = expires == "none" ? .null : .string(expires) }
        return fields
    }
}
