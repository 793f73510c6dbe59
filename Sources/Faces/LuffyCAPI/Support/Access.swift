import CLuffy
import LuffyKernels
import Synchronization

/// Who uses a handle: any number of readers, or one writer. Nobody waits: who comes in vain is told so.
///
/// A handle that is in a call when the process forks is in that call for ever in the child, whose thread is not there: it is
/// refused there, with a text that says so.
final class Access: Sendable {
  /// The fork generation in the upper half; below it the number of readers, or all ones for a writer.
  private let users = Atomic<UInt64>(0)
  private let name: String

  private static let writer: UInt64 = 0xffff_ffff

  init(_ name: String) { self.name = name }

  func shared<R>(_ body: () throws -> R) throws -> R {
    try enter(adding: 1)
    defer { leave(1) }
    return try body()
  }

  func exclusive<R>(_ body: () throws -> R) throws -> R {
    try enter(adding: Self.writer)
    defer { leave(Self.writer) }
    return try body()
  }

  private func enter(adding weight: UInt64) throws {
    let now = UInt64(forkGeneration) << 32
    var seen = users.load(ordering: .relaxed)
    while true {
      let count = seen & Self.writer
      if count > 0 {
        if seen - count != now { throw forked }
        if count == Self.writer || weight == Self.writer { throw busy }
      }
      let (exchanged, original) = users.weakCompareExchange(
        expected: seen, desired: now + count + weight, ordering: .acquiringAndReleasing)
      if exchanged { return }
      seen = original
    }
  }

  private func leave(_ weight: UInt64) { users.wrappingSubtract(weight, ordering: .releasing) }

  private var busy: CallError {
    CallError(LUFFY_ERROR_BUSY, "another call uses the \(name)")
  }

  private var forked: CallError {
    .invalid(
      "the \(name) was in a call of another thread when this process forked, and cannot be used here: "
        + "make or load another, or fork when no call runs")
  }
}
