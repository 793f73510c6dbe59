import Glibc

extension StoredTensor {
  /// Both hold the same numbers.
  func equals(_ other: StoredTensor) throws(CheckpointError) -> Bool {
    guard shape == other.shape else { return false }
    if hasBytes(of: other) { return true }
    return try isEveryRow(like: other) { mine, theirs in
      zip(mine, theirs).allSatisfy { $0 == $1 }
    }
  }

  /// Both can be roundings of one matrix: some original of each number of one is an original of the other's.
  ///
  /// Within one type a matrix is rounded in one way only, so that the bytes must be equal.
  func isCopy(of other: StoredTensor) throws(CheckpointError) -> Bool {
    guard shape == other.shape, type.isReadable, other.type.isReadable else { return false }
    if type == other.type { return hasBytes(of: other) }
    var row = 0
    return try isEveryRow(like: other) { mine, theirs in
      defer { row += 1 }
      return Self.shareOriginals((self, mine), (other, theirs), row: row)
    }
  }

  private func hasBytes(of other: StoredTensor) -> Bool {
    guard type == other.type, byteCount == other.byteCount, let mine = file.bytes.baseAddress,
      let theirs = other.file.bytes.baseAddress
    else { return false }
    return memcmp(mine + byteOffset, theirs + other.byteOffset, byteCount) == 0
  }

  /// Decodes both row by row until `isAlike` says no.
  private func isEveryRow(
    like other: StoredTensor,
    _ isAlike: (UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>) -> Bool
  ) throws(CheckpointError) -> Bool {
    let mine = UnsafeMutableBufferPointer<Float>.allocate(capacity: rowLength)
    let theirs = UnsafeMutableBufferPointer<Float>.allocate(capacity: rowLength)
    defer {
      mine.deallocate()
      theirs.deallocate()
    }
    for row in 0..<rowCount {
      try read(rows: row..<row + 1, into: mine)
      try other.read(rows: row..<row + 1, into: theirs)
      guard isAlike(UnsafeBufferPointer(mine), UnsafeBufferPointer(theirs)) else { return false }
    }
    return true
  }

  private static func shareOriginals(
    _ a: (tensor: StoredTensor, values: UnsafeBufferPointer<Float>),
    _ b: (tensor: StoredTensor, values: UnsafeBufferPointer<Float>), row: Int
  ) -> Bool {
    guard let first = a.tensor.start(ofRow: row), let second = b.tensor.start(ofRow: row) else {
      return false
    }
    let (firstLength, secondLength) = (
      RoundingGrid.length(a.tensor.type), RoundingGrid.length(b.tensor.type)
    )
    // Both lengths divide the longer one.
    for start in stride(from: 0, to: a.values.count, by: min(firstLength, secondLength)) {
      let end = min(start + min(firstLength, secondLength), a.values.count)
      let one = RoundingGrid(
        a.tensor.type, first, stretch: start / firstLength, value: a.values[start])
      let two = RoundingGrid(
        b.tensor.type, second, stretch: start / secondLength, value: b.values[start])
      for index in start..<end {
        let (x, y) = (one.originals(of: a.values[index]), two.originals(of: b.values[index]))
        guard x.least <= y.most, y.least <= x.most else { return false }
      }
    }
    return true
  }

  private func start(ofRow row: Int) -> UnsafeRawPointer? {
    let bytes = rowLength / type.block.elements * type.block.bytes
    return file.bytes.baseAddress.map { $0 + byteOffset + row * bytes }
  }
}
