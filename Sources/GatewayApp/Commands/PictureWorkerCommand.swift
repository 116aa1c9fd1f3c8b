import ArgumentParser
import Foundation
import Pictures

/// The worker process that draws and converts pictures; started by the program itself.
struct PictureWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "picture-worker", shouldDisplay: false)

    func run() throws {
        throw ExitCode(PictureWorkerProcess.run())
    }
}
