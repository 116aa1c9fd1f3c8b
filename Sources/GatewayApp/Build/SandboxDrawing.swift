import Pictures
import SiteSandbox

/// Lets the sandbox draw with the picture worker.
enum SandboxDrawing {
    static func render(with worker: PictureWorker) -> SandboxRender {
        { svg, width, height in
            try await worker.render(svg: svg, width: width, height: height, format: .webp, quality: 80, effort: 0)
        }
    }
}
