import GatewayCore
import Logging
import Pictures
import Testing

@testable import MediaFiles

@Suite("Conversion by the picture worker", .timeLimit(.minutes(10)))
struct PictureWorkerConverterTests {
    @Test(
        "what a stopped worker refuses is unavailable, with the reason as cause",
        arguments: GatewayCore.PictureFormat.allCases)
    func unavailable(_ format: GatewayCore.PictureFormat) async throws {
        let worker = PictureWorker(
            executable: "/nonexistent/jimeng", arguments: [],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let running = Task { await worker.run() }
        let fault = await #expect(throws: MediaFault.self) {
            try await PictureWorkerConverter(worker).convert(Picture.png(width: 9, height: 9), to: format, quality: 80)
        }
        running.cancel()
        await running.value
        #expect(fault?.kind == .unavailable)
        #expect(fault?.cause is PictureError)
    }

    @Test("what is no picture is unreadable, without a worker being started")
    func unreadable() async throws {
        let worker = PictureWorker(
            executable: "/nonexistent/jimeng", arguments: [],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let fault = await #expect(throws: MediaFault.self) {
            try await PictureWorkerConverter(worker).convert(Array("<svg/>".utf8), to: .png, quality: 80)
        }
        #expect(fault?.kind == .unreadable)
    }
}
