import ArgumentParser
import Foundation
import WireJSON

struct VideoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "video",
        abstract: "Make a video from a prompt, or from its first and last frame.",
        discussion: """
            Uses the gateway at --server when one answers there, and works by itself otherwise. A video takes minutes;
            when this command is stopped meanwhile, a running gateway finishes it all the same.

              jimeng video "waves roll onto a beach" --ratio 16:9 --duration 5 -o waves.mp4
              jimeng video "the flower opens" --image bud.png --image blossom.png -o flower.mp4

            Without a token the simulated site draws a stand-in video. \(ExitStatus.help)
            """)

    @Argument(help: "What happens in the video.")
    var prompt: String

    @Option(name: [.short, .long], help: "The file to write, an MP4.")
    var out = "jimeng.mp4"

    @Option(name: .shortAndLong, help: "The model; jimeng models --videos lists them.")
    var model: String?

    @Option(name: .shortAndLong, help: "1:1, 4:3, 3:4, 16:9, 9:16 or 21:9.")
    var ratio: String?

    @Option(name: .long, help: "480p, 720p or 1080p, as the model has it.")
    var resolution: String?

    @Option(name: .shortAndLong, help: "Seconds, as the model has it.")
    var duration: Int?

    @Option(name: [.customShort("i"), .long], help: "The first frame; given a second time, the last one.")
    var image: [String] = []

    @Option(name: .long, help: "Makes a video repeatable: 0 to 4294967295.")
    var seed: Int?

    @OptionGroup var client: ClientOptions

    func validate() throws {
        guard image.count <= 2 else { throw ValidationError("--image can be given at most twice") }
        guard URL(fileURLWithPath: out).pathExtension.lowercased() == "mp4" else {
            throw ValidationError("\(out) must end in .mp4")
        }
    }

    func run() async throws {
        let (order, out, quiet) = (order, out, client.quiet)
        try await client.run(standIn: "the simulated site draws a stand-in") { client, base in
            let finished = try await order.run(with: client, at: base, quiet: quiet)
            try await client.save(contentOf: finished.id, index: 0, at: base, to: out)
            if !quiet { Terminal.say(out) }
        }
    }

    var order: GenerationOrder {
        var fields: JSONObject = ["prompt": .string(prompt)]
        if let model { fields["model"] = .string(model) }
        if let ratio { fields["ratio"] = .string(ratio) }
        if let resolution { fields["resolution"] = .string(resolution) }
        if let duration { fields["duration"] = .integer(Int64(duration)) }
        if let seed { fields["seed"] = .integer(Int64(seed)) }
        return GenerationOrder(
            path: "/v1/videos/generations", fields: fields,
            files: image.enumerated().map { MultipartForm.File(name: "image_file_\($0 + 1)", path: $1) })
    }
}
