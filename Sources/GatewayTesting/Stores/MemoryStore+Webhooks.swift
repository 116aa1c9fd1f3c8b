package import GatewayCore

extension MemoryStore: WebhookStore {
    package func claimWebhooks(
        dueAt now: Timestamp, until: Timestamp, limit: Int
    ) async throws(StoreFault) -> [WebhookDelivery] {
        try access { state in
            let due = state.webhooks.compactMap { id, webhook in webhook.record.dueAt.map { (id, $0) } }
                .filter { $0.1 <= now }
                .sorted { ($0.1, $0.0.rawValue) < ($1.1, $1.0.rawValue) }
            return due.prefix(max(0, limit)).map { id, _ in
                state.webhooks[id]?.record.attempts += 1
                state.webhooks[id]?.record.dueAt = until
                return WebhookDelivery(generation: id, attempt: state.webhooks[id]?.record.attempts ?? 0)
            }
        }
    }

    package func earliestWebhook() async throws(StoreFault) -> Timestamp? {
        try access { $0.webhooks.values.compactMap(\.record.dueAt).min() }
    }

    package func recordWebhook(
        _ result: WebhookResult, of delivery: WebhookDelivery, at now: Timestamp
    ) async throws(StoreFault) -> Bool {
        try access { state in
            guard var webhook = state.webhooks[delivery.generation], webhook.record.state == .open,
                webhook.record.attempts == delivery.attempt
            else { return false }
            switch result {
            case .delivered(let status): webhook.settle(.delivered, status: status, at: now)
            case .abandoned(let status): webhook.settle(.abandoned, status: status, at: now)
            case .failed(let status, let next):
                webhook.record.dueAt = next
                webhook.record.lastStatus = status
            }
            state.webhooks[delivery.generation] = webhook
            return true
        }
    }

    package func webhook(of id: GenerationID) async throws(StoreFault) -> WebhookRecord? {
        try access { $0.webhooks[id]?.record }
    }

    package func removeSettledWebhooks(before instant: Timestamp) async throws(StoreFault) -> Int {
        try access { state in
            let old = state.webhooks.filter { $0.value.settledAt.map { $0 < instant } ?? false }
            for id in old.keys { state.webhooks[id] = nil }
            return old.count
        }
    }
}

extension MemoryStore.Webhook {
    fileprivate mutating func settle(_ end: WebhookRecord.State, status: Int?, at now: Timestamp) {
        record.state = end
        record.dueAt = nil
        record.lastStatus = status
        settledAt = now
    }
}
