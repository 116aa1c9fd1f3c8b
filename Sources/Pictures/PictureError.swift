/// Why a piece of picture work was not done. Every description is safe to show: none holds bytes or names of the input.
package enum PictureError: Error, Equatable, CustomStringConvertible {
    /// No picture work can be done here, now.
    case unavailable(Absence)
    /// Too many requests are waiting already; asking again later may work.
    case busy
    /// The worker died on this request. The same input will most likely do it again.
    case crashed
    /// The work took longer than allowed and was ended.
    case deadline
    /// The input cannot be worked on; the same input will never work.
    case refused(Refusal)

    /// What is missing for picture work.
    package enum Absence: UInt8, Sendable {
        /// libvips is not installed on this machine.
        case library = 1
        /// The worker process could not be started.
        case process = 2
        /// The owner of the worker has stopped it.
        case stopped = 3
        /// ffmpeg is not installed on this machine.
        case program = 4
        /// The folder for the files of videos cannot be used.
        case folder = 5
    }

    /// What is wrong with an input.
    package enum Refusal: UInt8, Sendable {
        /// It is none of WebP, PNG, JPEG and GIF, or for a drawing not an SVG, or it is damaged.
        case unreadable = 1
        /// It has more bytes or pixels than ``PictureLimits`` allows.
        case tooLarge = 2
        /// The picture was read but cannot be written in the wanted format.
        case notWritten = 3
    }

    package var description: String {
        switch self {
        case .unavailable(.library):
            "pictures cannot be drawn or converted: libvips is not installed (Debian and Ubuntu: apt-get install libvips42)"
        case .unavailable(.process): "the picture worker process could not be started"
        case .unavailable(.program): "videos cannot be drawn: ffmpeg is not installed"
        case .unavailable(.folder): "videos cannot be drawn: their folder cannot be written to"
        case .unavailable(.stopped): "picture work has been stopped"
        case .busy: "too many pictures are waiting to be worked on"
        case .crashed: "the picture worker failed on this picture"
        case .deadline: "the picture took too long to work on"
        case .refused(.unreadable): "not a picture that can be read"
        case .refused(.tooLarge): "the picture is too large"
        case .refused(.notWritten): "the picture cannot be written in this format"
        }
    }
}
