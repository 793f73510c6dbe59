/// Which rows of the vocabulary take part in the softmax.
///
/// A row that no token names was never trained: its logit is noise. It is left out of every sum, for the sampler and
/// for scoring alike: a probability is that of the softmax over the other rows, and the row's own gradient is zero.
package struct VocabularyMask: Sendable, Equatable {
  /// Rows from here on are left out.
  package let limit: Int
  /// Rows below the limit that are left out, ascending.
  let holes: [Int32]

  /// Every row of a vocabulary.
  package init(all size: Int) {
    limit = size
    holes = []
  }

  /// The rows of some ids, ascending; nil where none of them is a row.
  package init?(ids: [Int32], of size: Int) {
    let used = ids.filter { $0 >= 0 && Int($0) < size }
    guard let last = used.last else { return nil }
    limit = Int(last) + 1
    var holes: [Int32] = []
    var next: Int32 = 0
    for id in used {
      while next < id {
        holes.append(next)
        next += 1
      }
      next = id + 1
    }
    self.holes = holes
  }

  /// How many rows take part.
  package var count: Int { limit - holes.count }

  package func contains(_ id: Int32) -> Bool {
    id >= 0 && Int(id) < limit && !holes[self.index(of: id)...].starts(with: [id])
  }

  /// The holes of some rows.
  func holes(in rows: Range<Int>) -> ArraySlice<Int32> {
    if holes.isEmpty { return [] }
    return holes[index(of: Int32(rows.lowerBound))..<index(of: Int32(rows.upperBound))]
  }

  /// No row of the block takes part.
  func leavesOut(_ rows: Range<Int>) -> Bool { holes(in: rows).count == rows.count }

  /// Logits of rows of the vocabulary, [count, stride] from row `first` on: those of the holes become −∞.
  func hide(
    _ logits: UnsafeMutablePointer<Float>, rows: Range<Int>, count: Int, stride: Int
  ) {
    for hole in holes(in: rows) {
      for index in 0..<count { logits[index * stride + Int(hole) - rows.lowerBound] = -.infinity }
    }
  }

  /// Where an id is or would be among the holes.
  private func index(of id: Int32) -> Int {
    var (low, high) = (0, holes.count)
    while low < high {
      let middle = (low + high) / 2
      if holes[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
