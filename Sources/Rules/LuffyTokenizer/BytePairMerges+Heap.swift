extension BytePairMerges {
  /// Finds the lowest rank with a heap over a linked list: O(n log n), for long pieces.
  ///
  /// The heap may hold entries of pairs that are gone; such an entry is known by its rank, which no
  /// longer is that of the pair at its position. Answers how many symbols remain.
  func mergeByHeap(_ symbols: UnsafeMutableBufferPointer<Int32>) -> Int {
    let count = symbols.count
    var next = (1...count).map { Int32(truncatingIfNeeded: $0) }
    var previous = (0..<count).map { Int32(truncatingIfNeeded: $0 - 1) }
    var pairs = (0..<count).map {
      unsafe $0 + 1 < count ? value(symbols[$0], symbols[$0 + 1]) : Self.none
    }
    var heap = RankHeap(
      pairs.indices.lazy.filter { pairs[$0] != Self.none }.map {
        pairs[$0] & ~0xFFFF_FFFF | UInt64($0)
      })
    while let entry = heap.popFirst() {
      let at = Int(entry & 0xFFFF_FFFF)
      if pairs[at] == Self.none || pairs[at] >> 32 != entry >> 32 { continue }
      unsafe symbols[at] = Self.merged(pairs[at])
      let gone = Int(next[at])
      let after = Int(next[gone])
      pairs[gone] = Self.none
      next[at] = Int32(truncatingIfNeeded: after)
      pairs[at] = Self.none
      if after < count {
        previous[after] = Int32(truncatingIfNeeded: at)
        pairs[at] = unsafe value(symbols[at], symbols[after])
        if pairs[at] != Self.none { heap.insert(pairs[at] & ~0xFFFF_FFFF | UInt64(at)) }
      }
      let before = Int(previous[at])
      if before >= 0 {
        pairs[before] = unsafe value(symbols[before], symbols[at])
        if pairs[before] != Self.none { heap.insert(pairs[before] & ~0xFFFF_FFFF | UInt64(before)) }
      }
    }
    var kept = 0
    var index = 0
    while index < count {
      unsafe symbols[kept] = unsafe symbols[index]
      kept += 1
      index = Int(next[index])
    }
    return kept
  }
}

/// A binary min-heap of rank << 32 | position: lowest rank first, leftmost among equals.
private struct RankHeap {
  private var entries: [UInt64]

  init(_ unordered: some Sequence<UInt64>) {
    entries = Array(unordered)
    for index in stride(from: entries.count / 2 - 1, through: 0, by: -1) { sink(index) }
  }

  mutating func insert(_ entry: UInt64) {
    entries.append(entry)
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if entries[parent] <= entries[child] { break }
      entries.swapAt(parent, child)
      child = parent
    }
  }

  mutating func popFirst() -> UInt64? {
    guard let first = entries.first, let last = entries.popLast() else { return nil }
    if !entries.isEmpty {
      entries[0] = last
      sink(0)
    }
    return first
  }

  private mutating func sink(_ start: Int) {
    var parent = start
    while true {
      var smallest = parent
      for child in 2 * parent + 1...2 * parent + 2
      where child < entries.count && entries[child] < entries[smallest] {
        smallest = child
      }
      if smallest == parent { return }
      entries.swapAt(parent, smallest)
      parent = smallest
    }
  }
}
