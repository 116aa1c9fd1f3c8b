import NIOCore
import NIOHTTP1

/// What HTTP/1 asks of a server beyond the parser: answers `Expect: 100-continue`, sends signs of life, closes after an HTTP/1.0 request
/// that did not ask to stay, and does not read a refused body to its end.
///
/// Stands right behind the HTTP decoder, once per connection, and runs on its event loop.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// A body declared longer than this gets no `100 Continue`; its request is refused by its head.
    private let bodyLimit: Int
    /// The same for a form with files.
    private let formLimit: Int
    /// How much of a body is still read after its request was answered, before the connection is given up.
    private let drainLimit: Int
    /// How long a client may take to read a refusal before the connection is torn down.
    private let lingerTime: TimeAmount

    private var isReadingBody = false
    /// Requests begun and not yet answered; more than one when the client pipelines.
    private var unanswered = 0
    /// The head of an answer is out, its end is not.
    private var isAnswering = false
    /// The client speaks HTTP/1.0, which knows no interim answers.
    private var isOldClient = false
    private var drained = 0
    private var responseSaysClose = false
    /// The answer is out although the request is not complete.
    private var isDraining = false
    private var isLingering = false

    init(bodyLimit: Int, formLimit: Int? = nil, drainLimit: Int = 1024 * 1024, lingerTime: TimeAmount = .seconds(2)) {
        self.bodyLimit = bodyLimit
        self.formLimit = formLimit ?? bodyLimit
        self.drainLimit = drainLimit
        self.lingerTime = lingerTime
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isLingering { return }
        switch unwrapInboundIn(data) {
        case .head(var head):
            isReadingBody = true
            unanswered += 1
            isDraining = false
            isOldClient = Self.isOld(head.version)
            drained = 0
            normalizeConnection(&head)
            if wantsContinue(head) {
                let interim = HTTPResponseHead(version: .http1_1, status: .continue)
                context.writeAndFlush(wrapOutboundOut(.head(interim)), promise: nil)
            }
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body(let body):
            if isDraining {
                drained += body.readableBytes
                if drained > drainLimit {
                    linger(context)
                    return
                }
            }
            context.fireChannelRead(data)
        case .end:
            isReadingBody = false
            context.fireChannelRead(data)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            // An interim answer says nothing about the end.
            if head.status.code >= 200 {
                isAnswering = true
                responseSaysClose =
                    head.headers.contains(name: "connection") && Self.connectionTokens(head.headers).contains("close")
            }
            context.write(data, promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            context.write(data, promise: promise)
            unanswered -= 1
            isAnswering = false
            guard isReadingBody, unanswered == 0 else { return }
            isDraining = true
            if responseSaysClose {
                context.flush()
                linger(context)
            }
        }
    }

    /// Sends `102 Processing` to a client that waits for an answer. A connection without a guard (in tests of the router
    /// alone) takes nothing.
    static func sayProcessing(on channel: any Channel) {
        channel.eventLoop.execute {
            guard let context = try? channel.pipeline.syncOperations.context(handlerType: Self.self),
                let connection = context.handler as? Self
            else { return }
            connection.sayProcessing(context)
        }
    }

    private func sayProcessing(_ context: ChannelHandlerContext) {
        guard unanswered > 0, !isAnswering, !isOldClient, !isLingering else { return }
        let interim = HTTPResponseHead(version: .http1_1, status: .processing)
        context.writeAndFlush(wrapOutboundOut(.head(interim)), promise: nil)
    }

    /// Stops sending and reading; the rest of the connection's life is only for the client to read what it got.
    private func linger(_ context: ChannelHandlerContext) {
        guard !isLingering else { return }
        isLingering = true
        context.close(mode: .output, promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: lingerTime) { bound.value.close(promise: nil) }
    }

    private func wantsContinue(_ head: HTTPRequestHead) -> Bool {
        guard !Self.isOld(head.version), let expect = head.headers.first(name: "expect"),
            expect.lowercased() == "100-continue"
        else { return false }
        guard let length = head.headers.first(name: "content-length") else { return true }
        let isForm = head.headers.first(name: "content-type")?.lowercased().hasPrefix("multipart/") ?? false
        return Int(length).map { $0 <= (isForm ? formLimit : bodyLimit) } ?? false
    }

    /// The server below looks for exactly `connection: close`.
    private func normalizeConnection(_ head: inout HTTPRequestHead) {
        let isOld = Self.isOld(head.version)
        guard isOld || head.headers.contains(name: "connection") else { return }
        let tokens = Self.connectionTokens(head.headers)
        if tokens.contains("close") || (isOld && !tokens.contains("keep-alive")) {
            head.headers.replaceOrAdd(name: "connection", value: "close")
        }
    }

    /// HTTP/1.0 and before.
    private static func isOld(_ version: HTTPVersion) -> Bool {
        version.major < 1 || (version.major == 1 && version.minor == 0)
    }

    private static func connectionTokens(_ headers: HTTPHeaders) -> [String] {
        headers[canonicalForm: "connection"].map { $0.lowercased() }
    }
}
