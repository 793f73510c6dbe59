internal import CLuffySIMD
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A closure as its two words, where a loop's threads find it without a copy on the heap.
@_silgen_name("luffy_take_loop_body")
private func takeLoopBody(_ body: (Int, Range<Int>) -> Void) -> luffy_loop_body

/// Does nothing: what `takeLoopBody` gave is valid until here.
@_silgen_name("luffy_keep_loop_body")
private func keepLoopBody(_ body: (Int, Range<Int>) -> Void)

/// The threads that share a loop. Work is cut into fixed contiguous ranges, one a thread, and every output element
/// is computed by one thread in one order, so that the number of threads never changes a bit.
///
/// Workers spin briefly after a job, then sleep. A second caller that finds the pool busy runs its loop alone.
///
/// Unchecked sendable: its state is guarded by `busy` and the atomics.
package final class ThreadPool: @unchecked Sendable {
  package let threads: Int
  /// A fork's child has none of its workers.
  fileprivate let generation = forkGeneration
  private var handles: [pthread_t] = []
  private let busy = Atomic<Bool>(false)
  private let jobs = Atomic<Int>(0)
  private let remaining = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let quit = Atomic<Bool>(false)
  /// The loop that runs: its body, and how it is cut.
  private struct Job {
    var body = luffy_loop_body()
    var count = 0
    var parts = 0

    /// A seat's share.
    func run(_ seat: Int) {
      if seat >= parts { return }
      luffy_run_loop_body(body, seat, seat * count / parts, (seat + 1) * count / parts)
    }
  }
  private var job = Job()
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// How long a worker spins for the next job before it sleeps: about 50 µs.
  private static let spins = 1500

  package init(threads: Int) {
    self.threads = max(1, threads)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(wake, nil)
    for index in 1..<max(2, self.threads) where index < self.threads { start(worker: index) }
  }

  private func start(worker index: Int) {
    let seat = Unmanaged.passRetained(Seat(pool: self, index: index))
    #if canImport(Darwin)
      var handle: pthread_t?
    #else
      var handle = pthread_t()
    #endif
    let failed = pthread_create(
      &handle, nil,
      { argument in
        #if canImport(Darwin)
          let seat = Unmanaged<Seat>.fromOpaque(argument).takeRetainedValue()
        #else
          guard let argument else { return nil }
          let seat = Unmanaged<Seat>.fromOpaque(argument).takeRetainedValue()
        #endif
        seat.pool.work(as: seat.index)
        return nil
      }, seat.toOpaque())
    if failed != 0 {
      seat.release()
      missing.append(index)
      return
    }
    #if canImport(Darwin)
      if let handle { handles.append(handle) }
    #else
      handles.append(handle)
    #endif
  }

  /// Seats whose thread could not be started: the caller does their share.
  private var missing: [Int] = []

  /// Ends the workers. The pool must not be used again.
  package func shutDown() {
    quit.store(true, ordering: .releasing)
    announce()
    for handle in handles { pthread_join(handle, nil) }
    handles = []
    pthread_cond_destroy(wake)
    pthread_mutex_destroy(mutex)
  }

  deinit {
    mutex.deallocate()
    wake.deallocate()
  }

  /// Calls `body` with disjoint ranges that cover 0..<count, at most one a thread, and returns when all are done. A range
  /// of one number is always the same thread's, or the caller's who finds the pool busy.
  package func parallelParts(_ count: Int, _ body: (_ part: Int, Range<Int>) -> Void) {
    let parts = min(threads, count)
    guard parts > 1, !busy.exchange(true, ordering: .acquiring) else {
      if count > 0 { body(0, 0..<count) }
      return
    }
    defer { busy.store(false, ordering: .releasing) }
    job = Job(body: takeLoopBody(body), count: count, parts: parts)
    remaining.store(handles.count, ordering: .relaxed)
    announce()
    job.run(0)
    for seat in missing { job.run(seat) }
    waitForWorkers()
    job = Job()
    keepLoopBody(body)
  }

  /// The same for a body that takes its range only.
  package func parallelRanges(_ count: Int, _ body: (Range<Int>) -> Void) {
    parallelParts(count) { _, range in body(range) }
  }

  /// The same for a body that takes one index.
  package func parallelFor(_ count: Int, _ body: (Int) -> Void) {
    parallelParts(count) { _, range in
      for index in range { body(index) }
    }
  }

  /// Cuts tasks into contiguous shares of nearly the same work: where each begins, and the end of the last. A task goes to
  /// the share in which its middle lies.
  package static func contiguousShares(of work: [Int], among threads: Int) -> [Int] {
    let parts = max(1, min(threads, work.count))
    let total = work.reduce(0, +)
    var bounds = [0]
    var done = 0
    for (index, each) in work.enumerated() {
      while bounds.count < parts && (2 * done + each) * parts > 2 * total * bounds.count {
        bounds.append(index)
      }
      done += each
    }
    while bounds.count <= parts { bounds.append(work.count) }
    return bounds
  }

  private func announce() {
    jobs.add(1, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(wake)
      pthread_mutex_unlock(mutex)
    }
  }

  private func waitForWorkers() {
    var spins = 0
    while remaining.load(ordering: .acquiring) > 0 {
      luffy_spin_hint()
      spins += 1
      if spins > Self.spins { sched_yield() }
    }
  }

  private func work(as index: Int) {
    var seen = 0
    while true {
      seen = nextJob(after: seen)
      if quit.load(ordering: .acquiring) { return }
      job.run(index)
      remaining.subtract(1, ordering: .releasing)
    }
  }

  private func nextJob(after seen: Int) -> Int {
    for _ in 0..<Self.spins {
      let now = jobs.load(ordering: .acquiring)
      if now != seen { return now }
      luffy_spin_hint()
    }
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    var now = jobs.load(ordering: .sequentiallyConsistent)
    while now == seen {
      pthread_cond_wait(wake, mutex)
      now = jobs.load(ordering: .sequentiallyConsistent)
    }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
    return now
  }

  private final class Seat {
    let pool: ThreadPool
    let index: Int
    init(pool: ThreadPool, index: Int) {
      self.pool = pool
      self.index = index
    }
  }
}

/// The pool in use, and its size.
package enum Threads {
  /// Found without a lock, since every loop asks for it. Pools are never freed: whoever still holds one that was
  /// replaced runs its loops alone.
  private static let current = Atomic<UInt>(0)
  private static let wanted = Atomic<Int>(0)
  private static let changing = Guarded<Void>(())

  /// As many as the process may run on.
  package static var coreCount: Int { max(1, Int(luffy_core_count())) }

  package static var pool: ThreadPool { existing ?? first() }

  /// Nil before the first, and in a fork's child, which makes its own.
  private static var existing: ThreadPool? {
    guard let pointer = UnsafeRawPointer(bitPattern: current.load(ordering: .acquiring)) else {
      return nil
    }
    let pool = Unmanaged<ThreadPool>.fromOpaque(pointer).takeUnretainedValue()
    return pool.generation == forkGeneration ? pool : nil
  }

  private static func first() -> ThreadPool {
    changing.withLock { _ in
      if let existing { return existing }
      let count = wanted.load(ordering: .relaxed)
      return install(ThreadPool(threads: count > 0 ? count : coreCount))
    }
  }

  @discardableResult private static func install(_ pool: ThreadPool) -> ThreadPool {
    current.store(
      UInt(bitPattern: Unmanaged.passRetained(pool).toOpaque()), ordering: .releasing)
    return pool
  }

  /// Replaces the pool. Loops that are running keep the old one until they end.
  package static func set(_ count: Int) {
    let old = changing.withLock { _ -> ThreadPool? in
      wanted.store(count, ordering: .relaxed)
      let old = existing
      if old?.threads == count { return nil }
      install(ThreadPool(threads: count))
      return old
    }
    old?.shutDownWhenIdle()
  }
}

extension ThreadPool {
  /// Waits for the loop that is running, if one is, and ends the workers.
  package func shutDownWhenIdle() {
    while busy.exchange(true, ordering: .acquiring) { sched_yield() }
    shutDown()
  }
}
