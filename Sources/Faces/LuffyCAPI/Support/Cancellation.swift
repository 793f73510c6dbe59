import Synchronization

/// Cancels the calls that run at a moment, and none that begin later. Raising it is safe in a signal handler.
final class Cancellation: Sendable {
  private let count = Atomic<UInt64>(0)

  /// Of every call in the process.
  static let everywhere = Cancellation()

  func cancel() { count.add(1, ordering: .relaxed) }

  /// True once this or `everywhere` was raised after now.
  func watch() -> () -> Bool {
    let mine = count.load(ordering: .relaxed)
    let all = Self.everywhere.count.load(ordering: .relaxed)
    return {
      self.count.load(ordering: .relaxed) != mine
        || Self.everywhere.count.load(ordering: .relaxed) != all
    }
  }
}
