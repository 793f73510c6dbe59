import CLuffyHost

/// Cancels the calls that run at a moment, and none that begin later.
///
/// It is raised in C (`Sources/C/CLuffyHost/Cancel.c`), by one atomic addition, so that a signal handler may do it.
final class Cancellation: @unchecked Sendable {  // only touched by atomic operations
  /// How often it was raised.
  let count: UnsafeMutablePointer<UInt64>

  init() {
    count = .allocate(capacity: 1)
    count.initialize(to: 0)
  }

  deinit { count.deallocate() }

  /// True once this, or every call in the process, was cancelled after now.
  func watch() -> () -> Bool {
    let mine = luffy_cancellations(count)
    let all = luffy_cancellations_everywhere()
    return {
      luffy_cancellations(self.count) != mine || luffy_cancellations_everywhere() != all
    }
  }
}
