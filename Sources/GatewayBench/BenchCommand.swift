import ArgumentParser

/// The gateway's measuring program: everything in one binary, so that a run needs nothing but this and `jimeng`.
@main
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "GatewayBench",
        abstract: "Measure the gateway against its budgets.",
        discussion: "Only loopback is used, every load is bounded in time and number. script/bench builds and runs it.",
        subcommands: [MeasureCommand.self, PlayerCommand.self, BareCommand.self],
        defaultSubcommand: MeasureCommand.self)
}
