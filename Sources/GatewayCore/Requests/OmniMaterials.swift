/// The materials of a request that refers to them from its prompt, each in its slot (endpoints.md section 11.2).
struct OmniMaterials {
    struct Entry: Hashable {
        var material: InputMaterial
        /// `image_file_3`.
        var slotName: String
        /// Further names by which the prompt may call it.
        var names: [String]
    }

    /// Images, videos and sounds by slot.
    private(set) var entries: [Entry] = []

    /// `sources` and `materials` belong together by index.
    /// Throws: `unsupported_media_format`, `too_few_images`, `too_many_images`, `too_many_materials`,
    ///   `reference_video_too_long`.
    init(_ sources: [VideoSource], _ materials: [InputMaterial], limits: Model.OmniLimits) throws(RequestProblem) {
        var slots = Slots(limits: limits)
        let places = sources.map { Place($0.field) }
        for (index, source) in sources.enumerated() {
            guard let kind = places[index].kind, kind != materials[index].kind else { continue }
            throw .unsupportedFormat(of: kind, index: index + 1, param: source.param)
        }
        // Numbered fields first, then fields of one kind, then references, then any other file.
        for index in sources.indices {
            guard let kind = places[index].kind, let number = places[index].number else { continue }
            guard number >= 1, number <= limits[kind] else {
                throw Self.tooMany(kind, limits, count: number, param: sources[index].param)
            }
            slots.put(index, kind: kind, at: number)
        }
        for rank in 0...2 {
            for index in sources.indices where !slots.contains(index) && places[index].rank == rank {
                slots.fill(index, kind: materials[index].kind)
            }
        }
        try check(slots, sources, materials, limits)
        for kind in MaterialKind.allCases {
            for (slot, index) in slots.sorted(kind) {
                let source = sources[index]
                entries.append(
                    Entry(
                        material: materials[index], slotName: "\(kind.rawValue)_file_\(slot)",
                        names: [source.field, source.fileName].compactMap { $0 }))
            }
        }
    }

    private func check(
        _ slots: Slots, _ sources: [VideoSource], _ materials: [InputMaterial], _ limits: Model.OmniLimits
    ) throws(RequestProblem) {
        for kind in MaterialKind.allCases {
            let filled = slots.sorted(kind)
            guard filled.count <= limits[kind] else {
                throw Self.tooMany(kind, limits, count: filled.count, param: sources[filled[limits[kind]].index].param)
            }
        }
        guard sources.count <= limits.total else {
            throw .tooManyMaterials(limits, param: sources[limits.total].param)
        }
        guard let first = sources.first, materials.contains(where: { $0.kind != .audio }) else {
            throw RequestProblem(.tooFewImages, param: sources.first?.param ?? "image_file_1")
        }
        let milliseconds = materials.filter { $0.kind == .video }.reduce(0) { $0 + ($1.durationMilliseconds ?? 0) }
        if Double(milliseconds) > limits.videoSeconds * 1000 {
            let place = materials.firstIndex { $0.kind == .video }
            throw RequestProblem(
                .referenceVideoTooLong, param: place.map { sources[$0].param } ?? first.param,
                values: [
                    .max: PlaceholderText(Self.shown(limits.videoSeconds)),
                    .got: PlaceholderText(Self.shown(Double(milliseconds) / 1000)),
                ])
        }
    }

    private static func tooMany(
        _ kind: MaterialKind, _ limits: Model.OmniLimits, count: Int, param: String
    ) -> RequestProblem {
        guard kind == .image else { return .tooManyMaterials(limits, param: param) }
        return RequestProblem(
            .tooManyImages, param: param, values: [.max: "\(limits.images)", .count: "\(count)"])
    }

    /// Seconds with at most one decimal.
    private static func shown(_ seconds: Double) -> String {
        let tenths = Int((seconds * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}

/// What a field name says about the slot its material goes to.
private struct Place {
    var kind: MaterialKind?
    var number: Int?
    /// When it is put: 0 unnumbered fields of one kind, 1 references, 2 everything else.
    var rank = 2

    private static let references: Set<String> = [
        "file_paths", "filePaths", "image", "images", "image_url", "input_reference",
    ]

    init(_ field: String) {
        for kind in MaterialKind.allCases {
            let base = "\(kind.rawValue)_file"
            if field == base {
                self.kind = kind
                rank = 0
            } else if field.hasPrefix(base + "_"), let number = VideoSelection.number(of: field),
                field == "\(base)_\(number)"
            {
                self.kind = kind
                self.number = number
                rank = 0
            }
        }
        if kind == nil, Self.references.contains(field) { rank = 1 }
    }
}

/// Slots by kind and number, each with the index of its source.
private struct Slots {
    private var places: [MaterialKind: [Int: Int]] = [:]
    private var known: Set<Int> = []
    private let limits: Model.OmniLimits

    init(limits: Model.OmniLimits) {
        self.limits = limits
    }

    /// A slot that is taken already leaves the index to be put later.
    mutating func put(_ index: Int, kind: MaterialKind, at number: Int) {
        guard places[kind]?[number] == nil else { return }
        places[kind, default: [:]][number] = index
        known.insert(index)
    }

    mutating func fill(_ index: Int, kind: MaterialKind) {
        var number = 1
        while places[kind]?[number] != nil { number += 1 }
        put(index, kind: kind, at: number)
    }

    func contains(_ index: Int) -> Bool { known.contains(index) }

    func sorted(_ kind: MaterialKind) -> [(slot: Int, index: Int)] {
        (places[kind] ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

extension Model.OmniLimits {
    package subscript(kind: MaterialKind) -> Int {
        switch kind {
        case .image: images
        case .video: videos
        case .audio: audios
        }
    }
}

extension RequestProblem {
    /// `index` counts from 1.
    package static func unsupportedFormat(of kind: MaterialKind, index: Int, param: String) -> RequestProblem {
        var problem = RequestProblem(
            .unsupportedMediaFormat, param: param, values: [.index: "\(index)", .kind: kind.words])
        problem.material = kind
        return problem
    }
}

extension MaterialKind {
    /// For people.
    package var words: PlaceholderText {
        switch self {
        case .image: PlaceholderText(english: "image", chinese: "图片")
        case .video: PlaceholderText(english: "video", chinese: "视频")
        case .audio: PlaceholderText(english: "audio", chinese: "音频")
        }
    }
}
