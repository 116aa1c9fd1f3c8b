import NIOCore

/// The near end of a tunnel: reads one CONNECT request of our own HTTP client, has the way opened, answers, and then
/// passes everything on.
final class BridgeEntrance: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Stage {
        case head([UInt8])
        /// Waiting for the proxy; the client has nothing to say.
        case opening
        case tunnel
        case over
    }

    private let bridge: ProxyBridge
    private var stage = Stage.head([])
    private var deadline: Scheduled<Void>?

    init(bridge: ProxyBridge) {
        self.bridge = bridge
    }

    func channelActive(context: ChannelHandlerContext) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: bridge.settings.head) {
            self.end(context)
        }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch stage {
        case .tunnel:
            context.fireChannelRead(data)
        case .head(var bytes):
            bytes += unwrapInboundIn(data).readableBytesView
            stage = .head(bytes)
            read(bytes, context)
        case .opening:
            // Bytes before our answer are no CONNECT client's.
            end(context)
        case .over:
            break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        if case .tunnel = stage {} else { stage = .over }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(context)
    }

    private func read(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        switch BridgeRequest.read(bytes) {
        case .incomplete:
            break
        case .invalid:
            refuse("400 Bad Request", context)
        case .complete(let target, let login):
            guard let address = bridge.address(forLogin: login) else {
                refuse("407 Proxy Authentication Required", context)
                return
            }
            stage = .opening
            deadline?.cancel()
            bridge.open(address, to: target, on: context.eventLoop).assumeIsolated().whenComplete { result in
                self.opened(result, context)
            }
        }
    }

    private func opened(_ result: Result<ProxyDialogue.Opened, any Error>, _ context: ChannelHandlerContext) {
        switch result {
        case .success(let far):
            guard case .opening = stage, context.channel.isActive else {
                far.channel.close(promise: nil)
                return
            }
            stage = .tunnel
            let (near, other) = TunnelEnd.pair()
            do {
                try context.pipeline.syncOperations.addHandler(near)
                try far.channel.pipeline.syncOperations.addHandler(other)
            } catch {
                far.channel.close(promise: nil)
                end(context)
                return
            }
            var answer = ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n")
            answer.writeImmutableBuffer(far.early)
            context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
            // The proxy may have closed in the meantime; nobody else would tell this end.
            if !far.channel.isActive { near.partnerClosed() }
        case .failure(let error):
            guard case .opening = stage else { return }
            refuse(
                (error as? ProxyRefusal) == .login ? "407 Proxy Authentication Required" : "502 Bad Gateway", context)
        }
    }

    private func refuse(_ status: String, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        stage = .over
        let answer = ByteBuffer(string: "HTTP/1.1 \(status)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        context.writeAndFlush(wrapOutboundOut(answer)).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }

    private func end(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        stage = .over
        context.close(promise: nil)
    }
}

/// A CONNECT request as our HTTP client writes it.
enum BridgeRequest {
    enum Reading: Equatable {
        case incomplete
        case invalid
        case complete(ProxyTarget, login: String)
    }

    private static let limit = 8_192

    static func read(_ bytes: [UInt8]) -> Reading {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
            return bytes.count > limit ? .invalid : .incomplete
        }
        // Nothing may follow: the client waits for the answer.
        guard end.upperBound == bytes.count, bytes.count <= limit,
            let text = String(validating: bytes[..<end.lowerBound], as: UTF8.self)
        else { return .invalid }
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let first = lines[0].split(separator: " ", omittingEmptySubsequences: false)
        guard first.count == 3, first[0] == "CONNECT", first[2].hasPrefix("HTTP/1."),
            let target = ProxyTarget(first[1])
        else { return .invalid }
        var login = ""
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return .invalid }
            if line[..<colon].lowercased() == "proxy-authorization" {
                login = String(line[line.index(after: colon)...].drop { $0 == " " })
            }
        }
        return .complete(target, login: login)
    }
}
