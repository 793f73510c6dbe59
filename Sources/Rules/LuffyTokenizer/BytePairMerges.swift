/// The merge rules of a byte-pair encoding, and the loops that apply them.
///
/// A rule (left, right) → merged has a rank; the pair of lowest rank is merged first, the leftmost
/// of equal ones, until no rule applies. Source: Sennrich et al. 2016, "Neural Machine Translation
/// of Rare Words with Subword Units", §3.2.
struct BytePairMerges: Sendable {
  private var keys: [UInt64]  // left << 32 | right; `free` where empty
  private var values: [UInt64]  // rank << 32 | merged
  private let mask: Int
  private let shift: UInt64

  private static let free = UInt64.max
  /// No rule: larger than every rule's value.
  static let none = UInt64.max
  /// Up to here a scan for the lowest rank is faster than a heap.
  private static let longestScan = 48

  init(capacity: Int) {
    var bits: UInt64 = 4
    while 1 << bits < capacity * 2 { bits += 1 }
    keys = Array(repeating: Self.free, count: 1 << Int(bits))
    values = Array(repeating: Self.none, count: 1 << Int(bits))
    mask = keys.count - 1
    shift = 64 - bits
  }

  /// Adds a rule; a later rule for the same pair replaces the earlier. At most `capacity` rules.
  mutating func insert(left: Int32, right: Int32, rank: UInt32, merged: Int32) {
    let key = Self.key(left, right)
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while keys[slot] != Self.free, keys[slot] != key { slot = (slot + 1) & mask }
    keys[slot] = key
    values[slot] = UInt64(rank) << 32 | UInt64(UInt32(bitPattern: merged))
  }

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  @inline(__always)
  static func merged(_ value: UInt64) -> Int32 {
    Int32(bitPattern: UInt32(truncatingIfNeeded: value))
  }

  @inline(__always)
  func value(_ left: Int32, _ right: Int32) -> UInt64 {
    let key = Self.key(left, right)
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    return unsafe keys.withUnsafeBufferPointer { keys in
      while true {
        if unsafe keys[slot] == key { return values[slot] }
        if unsafe keys[slot] == Self.free { return Self.none }
        slot = (slot + 1) & mask
      }
    }
  }

  /// Merges the symbols from `start` on, in place. O(n log n) in their number.
  func apply(to symbols: inout [Int32], from start: Int) {
    let count = symbols.count - start
    if count < 2 { return }
    let kept = unsafe symbols.withUnsafeMutableBufferPointer {
      let part = unsafe UnsafeMutableBufferPointer(rebasing: $0[start...])
      return unsafe count <= Self.longestScan ? scan(part) : mergeByHeap(part)
    }
    symbols.removeLast(count - kept)
  }

  /// Finds the lowest rank by scanning: O(n²), without a data structure. Answers how many remain.
  private func scan(_ symbols: UnsafeMutableBufferPointer<Int32>) -> Int {
    var count = symbols.count
    return unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { pairs in
      for index in 0..<count - 1 {
        unsafe pairs[index] = unsafe value(symbols[index], symbols[index + 1])
      }
      while count > 1 {
        var best = Self.none
        var at = 0
        for index in 0..<count - 1 where unsafe pairs[index] < best {
          best = unsafe pairs[index]
          at = index
        }
        if best == Self.none { break }
        unsafe symbols[at] = Self.merged(best)
        for index in at + 1..<count - 1 { unsafe symbols[index] = unsafe symbols[index + 1] }
        for index in at..<count - 2 { unsafe pairs[index] = unsafe pairs[index + 1] }
        count -= 1
        if at + 1 < count { unsafe pairs[at] = unsafe value(symbols[at], symbols[at + 1]) }
        if at > 0 { unsafe pairs[at - 1] = unsafe value(symbols[at - 1], symbols[at]) }
      }
      return count
    }
  }
}
