import GatewayCore
import Testing

extension StoreLaw {
    static let listingLaws: [StoreLaw] = [
        StoreLaw("unfinished jobs come by id, in pages, without the ended ones") { (subject) async throws in
            var open: [Job] = []
            for number in (1...12).reversed() {
                let job = Job.sample(number)
                if number.isMultiple(of: 4) {
                    try await subject.store.add(job, through: .submitting, .running, .succeeded)
                } else {
                    open.append(
                        try await subject.store.add(job, through: number.isMultiple(of: 2) ? [] : [.submitting]))
                }
            }
            open.reverse()
            #expect(try await subject.store.unfinishedJobs(after: nil, limit: 100) == open)
            var pages: [[Job]] = []
            var cursor: GenerationID?
            while true {
                let page = try await subject.store.unfinishedJobs(after: cursor, limit: 4)
                guard let last = page.last, pages.count < 10 else { break }
                pages.append(page)
                cursor = last.id
            }
            #expect(pages.map(\.count) == [4, 4, 1])
            #expect(pages.flatMap { $0 } == open)
            #expect(try await subject.store.unfinishedJobs(after: nil, limit: 0).isEmpty)
        },
        StoreLaw("jobs in every unfinished state are found after reopening") { (subject) async throws in
            var expected: [Job] = []
            for (number, state) in JobState.allCases.enumerated() {
                let job = try await subject.store.add(.sample(number), through: state.path)
                if !state.isTerminal { expected.append(job) }
            }
            #expect(try await subject.reopen().unfinishedJobs(after: nil, limit: 100) == expected)
        },
        StoreLaw("a list comes newest first, or oldest first, ties by id") { (subject) async throws in
            let instants = [3, 1, 2, 2, 5].map { Timestamp.sample + .seconds($0) }
            for (index, instant) in instants.enumerated() {
                try await subject.store.add(.sample(index + 1, createdAt: instant))
            }
            let newest = try await subject.store.jobs(matching: JobFilter())
            #expect(newest.jobs.map(\.id) == [5, 1, 4, 3, 2].map { .sample($0) })
            #expect(newest.hasMore == false)
            let oldest = try await subject.store.jobs(matching: JobFilter(newestFirst: false))
            #expect(oldest.jobs.map(\.id) == [2, 3, 4, 1, 5].map { .sample($0) })
        },
        StoreLaw("pages join up in both directions, also while jobs are added") { (subject) async throws in
            for number in 1...10 {
                try await subject.store.add(.sample(number, createdAt: .sample + .seconds(number / 3)))
            }
            for newestFirst in [true, false] {
                var seen: [GenerationID] = []
                var filter = JobFilter(limit: 3, newestFirst: newestFirst)
                for _ in 1...10 {
                    let page = try await subject.store.jobs(matching: filter)
                    #expect(page.cursorFound)
                    seen += page.jobs.map(\.id)
                    if newestFirst, seen.count == 3 {
                        try await subject.store.add(.sample(100, createdAt: .sample + .seconds(100)))
                    }
                    guard page.hasMore else { break }
                    filter.after = seen.last
                }
                let expected = newestFirst ? Array((1...10).reversed()) : Array(1...10) + [100]
                #expect(seen == expected.map { .sample($0) })
            }
        },
        StoreLaw("a full last page says that there is no more") { (subject) async throws in
            for number in 1...4 { try await subject.store.add(.sample(number)) }
            let first = try await subject.store.jobs(matching: JobFilter(limit: 2))
            #expect(first.jobs.count == 2)
            #expect(first.hasMore)
            let second = try await subject.store.jobs(matching: JobFilter(after: first.jobs.last?.id, limit: 2))
            #expect(second.jobs.count == 2)
            #expect(second.hasMore == false)
            let third = try await subject.store.jobs(matching: JobFilter(after: second.jobs.last?.id, limit: 2))
            #expect(third == JobPage(jobs: [], hasMore: false))
        },
        StoreLaw("a list shows one owner's jobs only, by state, kind and model") { (subject) async throws in
            let store = subject.store
            try await store.add(.sample(1))
            try await store.add(.sample(2, owner: "owner-2"))
            try await store.add(.sample(3, task: .textToImage(.sample(model: "jimeng-3.0"))))
            try await store.add(.sample(4), through: .submitting, .running)
            try await store.add(.sample(5), through: .failed)
            func ids(_ filter: JobFilter) async throws -> [GenerationID] {
                try await store.jobs(matching: filter).jobs.map(\.id)
            }
            #expect(try await ids(JobFilter()) == [5, 4, 3, 2, 1].map { .sample($0) })
            #expect(try await ids(JobFilter(owner: "owner-1")) == [5, 4, 3, 1].map { .sample($0) })
            #expect(try await ids(JobFilter(owner: "owner-2")) == [.sample(2)])
            #expect(try await ids(JobFilter(owner: "")) == [])
            #expect(try await ids(JobFilter(states: [.running, .failed])) == [5, 4].map { .sample($0) })
            #expect(try await ids(JobFilter(states: [])) == [])
            #expect(try await ids(JobFilter(states: Set(JobState.allCases))).count == 5)
            #expect(try await ids(JobFilter(model: "jimeng-3.0")) == [.sample(3)])
            #expect(try await ids(JobFilter(kind: .video)) == [])
            #expect(try await ids(JobFilter(kind: .image)).count == 5)
            let narrow = JobFilter(
                owner: "owner-1", states: [.queued], kind: .image, model: "jimeng-4.5", after: .sample(5))
            #expect(try await ids(narrow) == [.sample(1)])
        },
        StoreLaw("an unknown cursor, or one of somebody else, gives an empty page that says so") {
            (subject) async throws in
            try await subject.store.add(.sample(1))
            try await subject.store.add(.sample(2, owner: "owner-2"))
            let missing = JobPage(jobs: [], hasMore: false, cursorFound: false)
            #expect(try await subject.store.jobs(matching: JobFilter(after: .sample(404))) == missing)
            #expect(
                try await subject.store.jobs(matching: JobFilter(owner: "owner-1", after: .sample(2))) == missing)
            let own = try await subject.store.jobs(matching: JobFilter(after: .sample(2)))
            #expect(own.jobs.map(\.id) == [.sample(1)])
        },
        StoreLaw("a cursor that no longer matches the filter still marks the place") { (subject) async throws in
            for number in 1...3 { try await subject.store.add(.sample(number)) }
            let middle = try await subject.store.job(.sample(2))
            if let middle {
                _ = try await subject.store.save(
                    middle.with { $0.state = .canceled }, expecting: .queued, lease: nil)
            }
            let page = try await subject.store.jobs(matching: JobFilter(states: [.queued], after: .sample(2)))
            #expect(page.cursorFound)
            #expect(page.jobs.map(\.id) == [.sample(1)])
        },
    ]
}
