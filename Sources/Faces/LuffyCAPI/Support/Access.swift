import CLuffy
import Synchronization

/// Who uses a handle: any number of readers, or one writer. Nobody waits: who comes in vain is told so.
final class Access: Sendable {
  /// −1 for a writer, else the number of readers.
  private let users = Atomic<Int>(0)
  private let name: String

  init(_ name: String) { self.name = name }

  func shared<R>(_ body: () throws -> R) throws -> R {
    var seen = users.load(ordering: .relaxed)
    while true {
      if seen < 0 { throw busy }
      let (exchanged, original) = users.weakCompareExchange(
        expected: seen, desired: seen + 1, ordering: .acquiringAndReleasing)
      if exchanged { break }
      seen = original
    }
    defer { users.subtract(1, ordering: .releasing) }
    return try body()
  }

  func exclusive<R>(_ body: () throws -> R) throws -> R {
    let (exchanged, _) = users.compareExchange(
      expected: 0, desired: -1, ordering: .acquiringAndReleasing)
    if !exchanged { throw busy }
    defer { users.store(0, ordering: .releasing) }
    return try body()
  }

  private var busy: CallError {
    CallError(LUFFY_ERROR_BUSY, "another call uses the \(name)")
  }
}
