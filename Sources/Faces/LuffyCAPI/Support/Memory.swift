import CLuffy
import CLuffyReserve
import LuffyTensor

/// Asks for memory before a call makes arrays of it, since an array that cannot grow ends the process.
///
/// Small allocations have a reserve in the library (`CLuffyReserve`): what is asked for here grows with an argument or
/// a file.
enum Memory {
  /// What calls that need little take at most.
  private static let little = 1 << 20

  /// - Parameters:
  ///   - count: elements of an argument, bytes of a text or a file.
  ///   - bytes: an estimate, on the safe side, of what the call allocates for each at its peak; no measurement.
  static func expect(_ count: Int, times bytes: Int) throws(CallError) {
    let (total, overflow) = count.multipliedReportingOverflow(by: bytes)
    guard !overflow, total >= 0 else { throw outOfMemory(Int.max) }
    if total < little { return }
    if !luffyreserve_can_allocate(total) { throw outOfMemory(total) }
  }

  /// Refuses a new call while the reserve is in use and the process's allocator has nothing still.
  static func checkReserve() throws(CallError) {
    if luffyreserve_used() == 0 || luffyreserve_can_allocate(little) { return }
    throw outOfMemory(little)
  }

  private static func outOfMemory(_ bytes: Int) -> CallError {
    CallError(LUFFY_ERROR_OUT_OF_MEMORY, OutOfMemory(bytes: bytes).description)
  }
}
