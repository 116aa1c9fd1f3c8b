import GatewayCore

/// A failure on its way to the client: the cause and what is known about the request it befell.
struct APIFailure: Error {
    enum Cause {
        case problem(RequestProblem)
        case fault(GenerationFault)
    }

    var cause: Cause
    /// The request's prompt; decides the language of the text.
    var prompt: String?
    /// The generation, once there is one.
    var job: Job?
    /// Fills placeholders beyond those of the cause.
    var values: [RequestProblem.Placeholder: PlaceholderText] = [:]
    /// What tells more than the cause's own text.
    var reason: GenerationFault?
    /// Methods of the path, with `method_not_allowed`.
    var allow: String?
    /// Whether the answer points at the generation that goes on.
    var pointsAtGeneration = false

    init(_ problem: RequestProblem, prompt: String? = nil, job: Job? = nil) {
        cause = .problem(problem)
        self.prompt = prompt
        self.job = job
    }

    init(_ fault: GenerationFault, prompt: String? = nil, job: Job? = nil) {
        cause = .fault(fault)
        self.prompt = prompt
        self.job = job
    }

    /// Runs `body`; the language of what it fails with follows the prompt.
    static func telling<Value>(prompt: String?, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            guard var failure = APIFailure(from: error) else { throw error }
            failure.prompt = failure.prompt ?? prompt
            throw failure
        }
    }

    /// The failure that any thrown error means; nil for errors that nobody planned.
    init?(from error: any Error) {
        switch error {
        case let failure as APIFailure: self = failure
        case let problem as RequestProblem: self.init(problem)
        case let fault as GenerationFault: self.init(fault)
        case let fault as StoreFault where fault.kind == .unavailable: self.init(GenerationFault(.storageUnavailable))
        case let fault as MediaFault where fault.kind == .unavailable:
            self.init(GenerationFault(.storageUnavailable))
        case WaitInterruption.draining, is CancellationError: self.init(GenerationFault(.shuttingDown))
        default: return nil
        }
    }
}
