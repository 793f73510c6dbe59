import CLuffySIMD

/// The bfloat16 in the low half of each word, as float32.
@inline(always) func lowHalf(_ words: Lanes) -> Lanes { Lanes(bits: Words(of: words) << 16) }

@inline(always) func highHalf(_ words: Lanes) -> Lanes {
  Lanes(bits: Words(of: words) & highBits)
}

@inline(always) private var highBits: Words { Words(repeating: -0x1_0000) }

/// Words of two neighbours of k in each lane: rounded to nearest, ties to even; NaN stays NaN.
@inline(always) private func words(_ even: Lanes, _ odd: Lanes) -> Lanes {
  Lanes(bits: roundedBits(even) >> 16 | roundedBits(odd) & highBits)
}

@inline(always) private func roundedBits(_ x: Lanes) -> Words {
  let bits = Words(of: x)
  let tie = bits >> 16 & Words(repeating: 1)
  let rounded = bits + Words(repeating: 0x7FFF) + tie
  let quiet = Lanes(bits: Words(repeating: 0x7FC0_0000))
  return Words(of: quiet.replacing(with: Lanes(bits: rounded), where: x == x))
}

/// The words of up to 16 rows of k elements, as lines of a word of each, `stride` apart. Lines are whole where they lie 16
/// or more apart, with zero for the rows that are not there.
@inline(always) private func packPairsOfRows(
  _ x: UnsafePointer<Float>, _ ldx: Int, _ rows: Int, _ k: Int,
  _ target: UnsafeMutablePointer<Float>, _ stride: Int
) {
  let depth = (k + 1) / 2
  withUnsafeTemporaryAllocation(of: Float.self, capacity: 512) { room in
    guard let block = room.baseAddress else { return }
    if stride < 6 {
      packPairsOfFewRows(x, ldx, rows, k, target, block)
      return
    }
    let lines = block + 256
    for row in rows..<max(rows, 16) { store(Lanes(repeating: 0), block + row * 16) }
    for first in Swift.stride(from: 0, to: depth, by: 16) {
      for row in 0..<rows {
        store(wordsOfRow(x + row * ldx + 2 * first, k - 2 * first), block + row * 16)
      }
      let left = depth - first - 16
      if left * stride >= 16 - stride && left >= 0 {
        luffy_transpose(block, target + first * stride, stride)
        continue
      }
      luffy_transpose(block, lines, 16)
      for line in 0..<min(16, depth - first) {
        let to = target + (first + line) * stride
        to.update(from: lines + line * 16, count: min(16, stride))
      }
    }
  }
}

/// The same of rows too few for a transposed block to pay, their lines one after another.
@inline(always) private func packPairsOfFewRows(
  _ x: UnsafePointer<Float>, _ ldx: Int, _ rows: Int, _ k: Int,
  _ target: UnsafeMutablePointer<Float>, _ block: UnsafeMutablePointer<Float>
) {
  for first in Swift.stride(from: 0, to: (k + 1) / 2, by: 16) {
    let count = min(16, (k + 1) / 2 - first)
    for row in 0..<rows {
      store(wordsOfRow(x + row * ldx + 2 * first, k - 2 * first), block)
      let line = target + first * rows + row
      for word in 0..<count { line[word * rows] = block[word] }
    }
  }
}

/// The first 16 words of a row of which `count` elements are left.
@inline(always) private func wordsOfRow(_ x: UnsafePointer<Float>, _ count: Int) -> Lanes {
  let low = load(x, lanes: min(16, count))
  let high = count > 16 ? load(x + 16, lanes: min(16, count - 16)) : Lanes(repeating: 0)
  return words(
    Lanes(luffy_even(low.vector, high.vector)), Lanes(luffy_odd(low.vector, high.vector)))
}

/// One pair of rows, `count` columns: even and odd next to each other in each word.
@inline(always) private func packPairsOfColumns(
  _ even: UnsafePointer<Float>, _ odd: UnsafePointer<Float>?, _ count: Int,
  _ target: UnsafeMutablePointer<Float>
) {
  forEachLanes(count) { offset, lanes in
    let second = odd.map { load($0 + offset, lanes: lanes) } ?? Lanes(repeating: 0)
    store(
      words(load(even + offset, lanes: lanes), second), target + offset, lanes: lanes)
  }
}

/// `packA` in pairs: tiles [k/2][rows of the tile], the last pair filled up with zero.
func packPairsA(
  _ x: UnsafePointer<Float>, _ ldx: Int, _ rows: Int, _ k: Int, _ a: UnsafeMutablePointer<Float>
) {
  let depth = (k + 1) / 2
  var row = 0
  while row < rows {
    let height = min(FullTile.rows, rows - row)
    packPairsOfRows(x + row * ldx, ldx, height, k, a + row * depth, height)
    row += height
  }
}

/// `packATransposed` in pairs: x is [k, rows].
func packPairsATransposed(
  _ x: UnsafePointer<Float>, _ ldx: Int, _ rows: Int, _ k: Int, _ a: UnsafeMutablePointer<Float>
) {
  let depth = (k + 1) / 2
  for pair in 0..<depth {
    let even = x + 2 * pair * ldx
    let odd = 2 * pair + 1 < k ? even + ldx : nil
    var row = 0
    while row < rows {
      let height = min(FullTile.rows, rows - row)
      let target = a + row * depth + pair * height
      if row + 16 <= rows && (depth - pair - 1) * height >= 16 - height {
        // What is written past the tile's rows belongs to the next pairs.
        let second = odd.map { load($0 + row) } ?? Lanes(repeating: 0)
        store(words(load(even + row), second), target)
      } else {
        packPairsOfColumns(even + row, odd.map { $0 + row }, height, target)
      }
      row += height
    }
  }
}

/// `packPanelTransposed` in pairs: panel [k/2][32] of w^T, w [columns, k].
func packPairsPanelTransposed(
  _ w: UnsafePointer<Float>, _ ldw: Int, _ columns: Int, _ k: Int,
  _ panel: UnsafeMutablePointer<Float>
) {
  packPairsOfRows(w, ldw, min(16, columns), k, panel, 32)
  packPairsOfRows(w + 16 * ldw, ldw, max(0, columns - 16), k, panel + 16, 32)
}

/// `packPanel` in pairs: panel [k/2][32] from rows w [k, columns].
func packPairsPanel(
  _ w: UnsafePointer<Float>, _ ldw: Int, _ columns: Int, _ k: Int,
  _ panel: UnsafeMutablePointer<Float>
) {
  if columns < 32 { panel.update(repeating: 0, count: (k + 1) / 2 * 32) }
  for pair in 0..<(k + 1) / 2 {
    let even = w + 2 * pair * ldw
    packPairsOfColumns(even, 2 * pair + 1 < k ? even + ldw : nil, columns, panel + pair * 32)
  }
}

/// Words of pairs [(k + 1) / 2][32] as float32 [k][32].
func widenPanel(_ words: UnsafePointer<Float>, _ k: Int, _ panel: UnsafeMutablePointer<Float>) {
  var source = words
  var target = panel
  var i = 0
  while i + 2 <= k {
    for half in 0..<2 {
      let both = load(source + half * 16)
      store(lowHalf(both), target + half * 16)
      store(highHalf(both), target + 32 + half * 16)
    }
    source += 32
    target += 64
    i += 2
  }
  if i < k {
    for half in 0..<2 { store(lowHalf(load(source + half * 16)), target + half * 16) }
  }
}

/// Each number rounded to bfloat16, as a float32.
func roundToBFloat16(_ x: UnsafeMutablePointer<Float>, _ count: Int) {
  forEachLanes(count) { offset, lanes in
    let rounded = roundedBits(load(x + offset, lanes: lanes)) & highBits
    store(Lanes(bits: rounded), x + offset, lanes: lanes)
  }
}
