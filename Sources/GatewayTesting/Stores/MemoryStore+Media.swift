package import GatewayCore

extension MemoryStore: MediaIndex {
    package func mediaTotals() async throws(StoreFault) -> MediaTotals {
        try access { state in
            let files = state.media.values.filter { $0.condemnedAt == nil }
            return MediaTotals(files: files.count, bytes: files.reduce(0) { $0 + $1.byteCount + $1.madeBytes })
        }
    }

    package func enterUnnamed(_ file: StoredMedia) async throws(StoreFault) {
        try access { $0.enter(file) }
    }

    package func condemnMedia(
        _ rule: MediaRule, at now: Timestamp
    ) async throws(StoreFault) -> [CondemnedMedia] {
        try access { state in
            let ids = state.choose(by: rule)
            for id in ids {
                state.media[id]?.condemnedAt = now
                for (key, job) in state.jobs where job.outputs.contains(where: { $0.stored?.id == id }) {
                    state.jobs[key]?.outputs.forget(id, at: now)
                    state.jobs[key]?.revision += 1
                }
            }
            return ids.compactMap { state.condemned($0) }
        }
    }

    package func condemnedMedia(limit: Int) async throws(StoreFault) -> [CondemnedMedia] {
        try access { state in
            let files = state.media.keys.compactMap { state.condemned($0) }
            return Array(
                files.sorted { ($0.condemnedAt, $0.id.rawValue) < ($1.condemnedAt, $1.id.rawValue) }
                    .prefix(max(0, limit)))
        }
    }

    package func settleRemovals(of ids: [MediaID]) async throws(StoreFault) {
        try access { state in
            for id in ids where state.media[id]?.condemnedAt != nil { state.media[id] = nil }
        }
    }

    package func addMadeBytes(_ count: Int64, to id: MediaID) async throws(StoreFault) {
        try access { $0.media[id]?.madeBytes += max(0, count) }
    }

    package func setFavourite(_ isFavourite: Bool, media id: MediaID) async throws(StoreFault) -> Bool {
        try access { state in
            guard let media = state.media[id], media.condemnedAt == nil else { return false }
            state.media[id]?.isFavourite = isFavourite
            return true
        }
    }
}

extension MemoryStore.State {
    mutating func enter(_ file: StoredMedia) {
        var media =
            media[file.id]
            ?? MemoryStore.Media(
                fileExtension: file.fileExtension, byteCount: file.byteCount, keptAt: file.createdAt)
        media.keptAt = max(media.keptAt, file.createdAt)
        media.condemnedAt = nil
        self.media[file.id] = media
    }

    fileprivate func choose(by rule: MediaRule) -> [MediaID] {
        let byAge = media.filter { $0.value.condemnedAt == nil }
            .sorted { ($0.value.keptAt, $0.key.rawValue) < ($1.value.keptAt, $1.key.rawValue) }
        switch rule {
        case .unused(let ids):
            return byAge.map(\.key).filter { ids.contains($0) && !isUsed($0) }
        case .abandoned(let instant, let limit):
            return Array(
                byAge.filter { $0.value.keptAt < instant && !isUsed($0.key) }.map(\.key).prefix(max(0, limit)))
        case .old(let instant, let limit):
            return Array(
                byAge.filter { $0.value.keptAt < instant && !$0.value.isFavourite }.map(\.key).prefix(max(0, limit)))
        case .excess(let bytes, let instant, let limit):
            var freed: Int64 = 0
            return byAge.filter { $0.value.keptAt < instant && !$0.value.isFavourite }.prefix(max(0, limit))
                .prefix { file in
                    defer { freed += file.value.byteCount + file.value.madeBytes }
                    return freed < bytes
                }.map(\.key)
        }
    }

    private func isUsed(_ id: MediaID) -> Bool {
        jobs.values.contains { $0.outputs.contains { $0.stored?.id == id } }
    }

    fileprivate func condemned(_ id: MediaID) -> CondemnedMedia? {
        guard let media = media[id], let instant = media.condemnedAt else { return nil }
        return CondemnedMedia(
            id: id, fileExtension: media.fileExtension, byteCount: media.byteCount + media.madeBytes,
            condemnedAt: instant)
    }
}
