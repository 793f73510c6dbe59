internal import CLuffyHost

/// A value behind a lock that a fork leaves usable.
///
/// A lock that another thread held at the fork is free in the child, and the value is as far as that thread had come: what is
/// guarded must be right after every statement, or belong to something that the child refuses because it was in use.
///
/// Unchecked sendable: the lock guards the value.
package final class Guarded<Value: ~Copyable>: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<luffy_lock>
  private var value: Value

  package init(_ value: consuming Value) {
    lock = .allocate(capacity: 1)
    lock.initialize(to: luffy_lock(word: 0))
    self.value = value
  }

  deinit { lock.deallocate() }

  package func withLock<R, E: Error>(_ body: (inout Value) throws(E) -> R) throws(E) -> R {
    luffy_lock_acquire(lock)
    defer { luffy_lock_release(lock) }
    return try body(&value)
  }
}

/// How often this process was forked since the library was loaded: what was made in another generation has lost its threads.
package var forkGeneration: UInt32 { luffy_fork_generation() }
