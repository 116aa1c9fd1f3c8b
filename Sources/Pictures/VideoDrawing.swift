/// A video to be drawn: a caption that stands still over a landscape that moves past.
package struct VideoDrawing: Sendable {
    /// Names the result; drawings of the same name are the same. Letters, digits and dashes.
    package var name: String
    /// An SVG of ``backgroundSide(_:)`` times the size of the video.
    package var background: String
    /// An SVG of the video's own size, transparent where nothing is.
    package var overlay: String
    /// In pixels, even.
    package var width: Int
    package var height: Int
    /// Frames a second.
    package var frameRate: Int
    package var frameCount: Int
    /// Whether bytes are spent on quality.
    package var isHighQuality: Bool

    package init(
        name: String, background: String, overlay: String, width: Int, height: Int, frameRate: Int, frameCount: Int,
        isHighQuality: Bool
    ) {
        self.name = name
        self.background = background
        self.overlay = overlay
        self.width = width
        self.height = height
        self.frameRate = frameRate
        self.frameCount = frameCount
        self.isHighQuality = isHighQuality
    }

    /// How long a side of the background is for a side of the video, in pixels: a quarter more, for the landscape to move.
    package static func backgroundSide(_ side: Int) -> Int { side * 5 / 4 / 2 * 2 }

    /// The longest video, in frames.
    static let frameLimit = 24 * 120

    /// Throws ``PictureError/refused(_:)`` for what cannot be drawn.
    func validate() throws(PictureError) {
        let isNamed =
            (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        guard isNamed, width % 2 == 0, height % 2 == 0, width >= 16, height >= 16, (1...60).contains(frameRate),
            frameCount >= 1
        else { throw .refused(.unreadable) }
        guard frameCount <= Self.frameLimit,
            PictureLimits.allows(width: Self.backgroundSide(width), height: Self.backgroundSide(height))
        else { throw .refused(.tooLarge) }
    }

    /// The arguments of ffmpeg. One thread each for reading, filtering and encoding: a video that takes a little longer is
    /// better than a server that stalls.
    func arguments(background: String, overlay: String, output: String) -> [String] {
        // The frames of the background are one picture again and again, cut a little further to the right each time.
        let pan = "(iw-ow)*n/\(max(1, frameCount - 1))"
        let filter =
            "[0:v]loop=loop=-1:size=1:start=0,setpts=N/(\(frameRate)*TB),"
            + "crop=w=\(width):h=\(height):x='\(pan)':y='(ih-oh)/2',format=yuv420p[b];"
            + "[b][1:v]overlay=x=0:y=0:eof_action=repeat,format=yuv420p[v]"
        return [
            "-nostdin", "-v", "error", "-y", "-threads", "1", "-filter_complex_threads", "1",
            "-framerate", "\(frameRate)", "-i", background, "-i", overlay, "-filter_complex", filter, "-map", "[v]",
            "-frames:v", "\(frameCount)", "-r", "\(frameRate)", "-c:v", "libx264", "-preset", "ultrafast",
            "-crf", isHighQuality ? "23" : "32", "-pix_fmt", "yuv420p", "-movflags", "+faststart", "-threads", "1",
            "-f", "mp4", output,
        ]
    }
}
