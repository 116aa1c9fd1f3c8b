import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A proxy on a loopback port that plays a script: it waits for exactly the bytes a step names and answers them. It is
/// the target behind the proxy too, so the last steps are usually an HTTP exchange.
struct ScriptedProxy: Sendable {
    enum Step: Sendable {
        /// These bytes and no others.
        case bytes([UInt8], answer: [UInt8])
        /// A head, up to its blank line.
        case head(answer: [UInt8])
        /// Takes whatever comes and stays silent.
        case silence
    }

    fileprivate final class Record: Sendable {
        let heads = Mutex<[String]>([])
        let surprises = Mutex<[[UInt8]]>([])
        let channels = Mutex<[any Channel]>([])
    }

    let port: Int
    fileprivate let record: Record

    /// Heads that came, as text.
    var heads: [String] { record.heads.withLock { $0 } }
    /// Bytes that no step had foreseen.
    var surprises: [[UInt8]] { record.surprises.withLock { $0 } }

    static func with<Value: Sendable>(
        _ steps: [Step], isInsideTLS: Bool = false, _ body: (ScriptedProxy) async throws -> Value
    ) async throws -> Value {
        let record = Record()
        let tls =
            isInsideTLS
            ? try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: [
                        .certificate(
                            try NIOSSLCertificate(bytes: Array(TestCertificate.certificate.utf8), format: .pem))
                    ],
                    privateKey: .privateKey(
                        try NIOSSLPrivateKey(bytes: Array(TestCertificate.key.utf8), format: .pem)))) : nil
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    record.channels.withLock { $0.append(channel) }
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(ProxyScript(steps, record))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(ScriptedProxy(port: listener.localAddress?.port ?? 0, record: record)))
        } catch {
            result = .failure(error)
        }
        try await listener.close()
        for channel in record.channels.withLock({ $0 }) { channel.close(promise: nil) }
        return try result.get()
    }
}

private final class ProxyScript: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var steps: ArraySlice<ScriptedProxy.Step>
    private var received: [UInt8] = []
    private let record: ScriptedProxy.Record

    init(_ steps: [ScriptedProxy.Step], _ record: ScriptedProxy.Record) {
        self.steps = steps[...]
        self.record = record
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += unwrapInboundIn(data).readableBytesView
        while let step = steps.first, let answer = answer(to: step, context) {
            steps = steps.dropFirst()
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer)), promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// Nil while the step is not complete.
    private func answer(to step: ScriptedProxy.Step, _ context: ChannelHandlerContext) -> [UInt8]? {
        switch step {
        case .silence:
            return nil
        case .bytes(let expected, let answer):
            guard received.count >= expected.count else { return nil }
            guard Array(received.prefix(expected.count)) == expected else {
                record.surprises.withLock { $0.append(received) }
                context.close(promise: nil)
                return nil
            }
            received.removeFirst(expected.count)
            return answer
        case .head(let answer):
            guard let end = received.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
            record.heads.withLock { $0.append(String(decoding: received[..<end.upperBound], as: UTF8.self)) }
            received.removeFirst(end.upperBound)
            return answer
        }
    }
}
