import SiteWire

/// What a draft refers to, looked up: whose it is, and what follows for the result.
extension SiteState {
    /// The order with everything settled that depends on its inputs. Refuses inputs the caller does not have.
    func settled(
        _ order: SandboxOrder, caller: SandboxCaller, at now: Int64, links: MediaLinks
    ) throws(SandboxRefusal) -> SandboxOrder {
        var order = order
        for input in order.inputs {
            if case .picture(let uri) = input { try checkOwned(uri: uri, of: caller, links: links) }
        }
        switch order.work {
        case .textToImage, .blend: break
        case .postEdit(let edit):
            guard let input = order.inputs.first else { throw SandboxRefusal(1000, "no picture to edit") }
            let source = try source(input, caller: caller, at: now, links: links)
            (order.width, order.height) = edit.size(width: source.width, height: source.height)
            order.prompt = source.prompt
            order.firstSketch = source.index
        }
        order.inputs = []
        return order
    }

    /// The drawing an input stands for.
    private func source(
        _ input: SandboxInput, caller: SandboxCaller, at now: Int64, links: MediaLinks
    ) throws(SandboxRefusal) -> PictureSketch {
        let place: MediaLinks.Place
        switch input {
        case .picture(let uri):
            guard let named = links.place(uri: uri) else { throw SandboxRefusal(3020) }
            place = named
        case .item(let id, let historyID):
            guard let item = SandboxJob.place(itemID: id), let job = jobs[item.number],
                job.accountKey == caller.accountKey, job.historyID == String(historyID)
            else { throw SandboxRefusal(1000, "item_id and origin_history_id name nothing the account has") }
            guard item.index < job.walk.view(at: now).items else {
                throw SandboxRefusal(1000, "the item is not finished")
            }
            place = item
        }
        guard let sketch = sketch(of: place) else { throw SandboxRefusal(3020) }
        return sketch
    }
}
