import CPicture
import Glibc

/// The worker side: a process that reads requests from its standard input and writes answers to its standard output, one
/// after the other, until its input ends.
package enum PictureWorkerProcess {
    /// Runs the loop on the standard descriptors and returns the exit status: 0 when the input ended between two requests,
    /// 1 otherwise. Blocks its thread; call it from the hidden sub-command that exists for it and nowhere else.
    package static func run() -> Int32 {
        cpicture_prepare_process()
        // Answers go to a descriptor of their own, so that nothing a library prints can get among them.
        let output = dup(STDOUT_FILENO)
        guard output >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 else { return 1 }
        let engine = PictureEngine()
        return serve(input: STDIN_FILENO, output: output) { engine.perform($0) }
    }

    /// The loop over any pair of descriptors, for ``run()`` and for tests.
    static func serve(input: Int32, output: Int32, perform: (PictureRequest) -> PictureAnswer) -> Int32 {
        while true {
            guard let head = read(PictureFrame.lengthBytes, from: input) else { return 1 }
            if head.isEmpty { return 0 }
            let length = PictureFrame.number(in: head, at: 0)
            guard length <= PictureFrame.requestLimit,
                let payload = read(length, from: input), payload.count == length,
                let request = PictureRequest(payload: payload)
            else { return 1 }
            guard write(PictureFrame.wrap(perform(request).encoded()), to: output) else { return 1 }
        }
    }

    /// Exactly `count` bytes; none when the input ended before the first; nil when it ended or failed after that.
    private static func read(_ count: Int, from descriptor: Int32) -> [UInt8]? {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), count - filled)
                if got < 0, errno == EINTR { continue }
                if got <= 0 {
                    failed = got < 0 || filled > 0
                    return
                }
                filled += got
            }
        }
        return failed ? nil : bytes
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                let put = Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
                if put < 0, errno == EINTR { continue }
                guard put > 0 else { return false }
                written += put
            }
            return true
        }
    }
}
