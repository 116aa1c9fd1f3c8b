import Pictures
import SiteSandbox

/// Lets the sandbox draw with the picture worker, and film with ffmpeg.
enum SandboxDrawing {
    static func render(with worker: PictureWorker) -> SandboxRender {
        { svg, width, height in
            try await worker.render(svg: svg, width: width, height: height, format: .webp, quality: 80, effort: 0)
        }
    }

    static func film(with worker: VideoWorker) -> SandboxFilm {
        { drawing in try await worker.video(drawing) }
    }
}
