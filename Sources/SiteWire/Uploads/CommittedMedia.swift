import WireJSON

/// A video or a sound that is uploaded and may be named in drafts.
package struct CommittedMedia: Sendable, Hashable {
    package var vid: String
    package var width: Int?
    package var height: Int?
    /// Nil when the store did not say, which is common for sounds.
    package var durationMilliseconds: Int?
    package var framesPerSecond: Int?

    /// Reads the answer to a commit call for a video or a sound, which tells the duration in seconds.
    package init(_ answer: UploadAnswer) throws(UploadFault) {
        let result = answer.result["Results"]?[0]
        guard let vid = SafeText.identifier(result?["Vid"]?.looseText) else {
            throw answer.fault(.invalidResponse, .commit)
        }
        let meta = result?["VideoMeta"]
        self.vid = vid
        width = meta?["Width"]?.pixels
        height = meta?["Height"]?.pixels
        durationMilliseconds = meta?["Duration"]?.looseSeconds.flatMap { seconds in
            seconds > 0 && seconds < 86_400 ? Int((seconds * 1_000).rounded()) : nil
        }
        framesPerSecond = meta?["Fps"]?.looseSeconds.flatMap { $0 >= 1 && $0 <= 1_000 ? Int($0.rounded()) : nil }
    }
}
