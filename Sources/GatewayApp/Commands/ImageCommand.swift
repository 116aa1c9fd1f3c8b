import ArgumentParser
import Foundation
import Logging
import Pictures
import WireJSON

struct ImageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image",
        abstract: "Make a picture from a prompt, or from other pictures.",
        discussion: """
            Uses the gateway at --server when one answers there, and works by itself otherwise. The file's ending decides
            the format: webp (as it comes), png or jpg. Several pictures get numbers: out.png, out-2.png, ...

              jimeng image "a lighthouse at dusk" --ratio 16:9 -o lighthouse.png
              jimeng image "海边的灯塔" --token us-SESSIONID --model jimeng-4.5 --resolution 4k -n 2 -o lighthouse.webp
              jimeng image "the cat in the style of the painting" --image cat.jpg --image painting.png -o out.png

            Without a token the simulated site draws a stand-in picture. \(ExitStatus.help)
            """)

    @Argument(help: "What to draw.")
    var prompt: String

    @Option(name: [.short, .long], help: "The file to write; its ending decides the format.")
    var out = "jimeng.webp"

    @Option(name: .shortAndLong, help: "The model; jimeng models lists them.")
    var model: String?

    @Option(name: .shortAndLong, help: "1:1, 4:3, 3:4, 16:9, 9:16, 3:2, 2:3 or 21:9.")
    var ratio: String?

    @Option(name: .long, help: "1k, 2k or 4k.")
    var resolution: String?

    @Option(name: .short, help: "How many pictures.")
    var n = 1

    @Option(name: [.customShort("i"), .long], help: "A picture to start from; may be given up to ten times.")
    var image: [String] = []

    @Option(name: .long, help: "What must not be in the picture.")
    var negativePrompt: String?

    @Option(name: .long, help: "Makes a picture repeatable: 0 to 4294967295.")
    var seed: Int?

    @OptionGroup var client: ClientOptions

    func validate() throws {
        guard (1...10).contains(n) else { throw ValidationError("-n must be from 1 to 10") }
        guard image.count <= 10 else { throw ValidationError("--image can be given at most ten times") }
        guard OutputFormat(path: out) != nil else {
            throw ValidationError("\(out) must end in .webp, .png, .jpg or .jpeg")
        }
    }

    func run() async throws {
        let (order, out, n, quiet) = (order, out, n, client.quiet)
        try await client.run(standIn: "the simulated site draws a stand-in") { client, base in
            let finished = try await order.run(with: client, at: base, quiet: quiet)
            for index in 0..<min(finished.count, n) {
                let path = OutputFormat.path(out, number: index + 1)
                try await Self.write(try await client.content(of: finished.id, index: index, at: base), to: path)
                if !quiet { Terminal.say(path) }
            }
        }
    }

    var order: GenerationOrder {
        var fields: JSONObject = ["prompt": .string(prompt), "n": .integer(Int64(n))]
        if let model { fields["model"] = .string(model) }
        if let ratio { fields["ratio"] = .string(ratio) }
        if let resolution { fields["resolution"] = .string(resolution) }
        if let negativePrompt { fields["negative_prompt"] = .string(negativePrompt) }
        if let seed { fields["seed"] = .integer(Int64(seed)) }
        return GenerationOrder(
            path: image.isEmpty ? "/v1/images/generations" : "/v1/images/compositions", fields: fields,
            files: image.map { MultipartForm.File(name: "images", path: $0) })
    }

    /// Writes the picture in the format of the file's ending.
    private static func write(_ bytes: [UInt8], to path: String) async throws {
        guard let format = OutputFormat(path: path) else {
            throw GatewayClient.Problem(message: "unknown ending: \(path)")
        }
        var bytes = bytes
        if PictureHeader(bytes)?.kind.rawValue != format.picture.rawValue {
            bytes = try await convert(bytes, to: format)
        }
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw GatewayClient.Problem(message: "\(path) can't be written: \(error.localizedDescription)")
        }
    }

    private static func convert(_ bytes: [UInt8], to format: OutputFormat) async throws -> [UInt8] {
        let logger = Logger(label: "jimeng") { _ in SwiftLogNoOpLogHandler() }
        let worker = PictureWorker(executable: ProgramPath.own, arguments: ["picture-worker"], logger: logger)
        return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask {
                await worker.run()
                return nil
            }
            defer { group.cancelAll() }
            do {
                return try await worker.convert(bytes, to: format.picture, quality: 92)
            } catch {
                throw GatewayClient.Problem(message: "the picture can't be converted: \(error)")
            }
        }
    }
}
