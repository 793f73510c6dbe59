import LuffyKernels
import Synchronization
import Testing

@Suite(.serialized) struct ThreadPoolTests {
  @Test(arguments: [1, 2, 3, 7]) func rangesCoverOnce(_ threads: Int) {
    let pool = ThreadPool(threads: threads)
    defer { pool.shutDown() }
    for count in [0, 1, 2, 5, 100] {
      let seen = (0..<max(1, count)).map { _ in Counter() }
      pool.parallelFor(count) { seen[$0].add() }
      #expect(seen.prefix(count).allSatisfy { $0.value == 1 })
    }
  }

  @Test(arguments: [1, 2, 3, 7]) func sharesAreContiguousAndNearlyEven(_ threads: Int) {
    let lists = [
      [], [5], [1, 1, 1], [9, 1, 1, 1, 1, 1], Array(1...40), [0, 0, 3, 0], [2, 90, 2, 2],
    ]
    for work in lists {
      let bounds = ThreadPool.contiguousShares(of: work, among: threads)
      let parts = bounds.count - 1
      #expect(parts == max(1, min(threads, work.count)))
      #expect(bounds.first == 0 && bounds.last == work.count && bounds == bounds.sorted())
      let most = work.reduce(0, +) / parts + (work.max() ?? 0) + 1
      for part in 0..<parts {
        #expect(work[bounds[part]..<bounds[part + 1]].reduce(0, +) <= most)
      }
    }
  }

  @Test func callersOnSeveralThreads() async {
    let pool = ThreadPool(threads: 2)
    defer { pool.shutDown() }
    let total = Counter()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask { for _ in 0..<200 { pool.parallelFor(10) { _ in total.add() } } }
      }
    }
    #expect(total.value == 8000)
  }

  @Test func nestedLoopsRun() {
    let pool = ThreadPool(threads: 3)
    defer { pool.shutDown() }
    let total = Counter()
    pool.parallelFor(5) { _ in pool.parallelFor(7) { _ in total.add() } }
    #expect(total.value == 35)
  }

  @Test func wakesAfterSleep() async throws {
    let pool = ThreadPool(threads: 2)
    defer { pool.shutDown() }
    for _ in 0..<3 {
      try await Task.sleep(for: .milliseconds(20))
      let total = Counter()
      pool.parallelFor(64) { _ in total.add() }
      #expect(total.value == 64)
    }
  }
}

private final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  func add() { count.add(1, ordering: .relaxed) }
  var value: Int { count.load(ordering: .relaxed) }
}
