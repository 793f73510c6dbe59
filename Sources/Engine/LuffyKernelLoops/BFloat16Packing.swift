import CLuffySIMD

/// The bfloat16 in the low half of each word, as float32.
@inline(always) func lowHalf(_ words: Lanes) -> Lanes { Lanes(bits: Words(of: words) << 16) }

@inline(always) func highHalf(_ words: Lanes) -> Lanes {
  Lanes(bits: Words(of: words) & highBits)
}

@inline(always) private var highBits: Words { Words(repeating: -0x1_0000) }

/// The words of up to 16 rows of k elements, as lines of a word of each, `stride` apart. Lines are whole where they lie 16
/// or more apart, with zero for the rows that are not there.
@inline(always) private func packPairsOfRows(
  _ x: UnsafePointer<Float>, _ ldx: Int, _ rows: Int, _ k: Int,
  _ target: UnsafeMutablePointer<Float>, _ stride: Int
) {
  if stride < 6 {
    packPairsOfFewRows(x, ldx, rows, k, target)
    return
  }
  // What is written past a line belongs to the next.
  let last = (k + 1) / 2 * stride - 15 * stride - 16
  for first in Swift.stride(from: 0, to: (k + 1) / 2, by: 16) {
    let (source, lines) = (x + 2 * first, target + first * stride)
    if k - 2 * first >= 32 && first * stride <= last {
      luffy_bf16_lines(source, ldx, rows, lines, stride)
    } else {
      luffy_bf16_last_lines(source, ldx, rows, k - 2 * first, lines, stride)
    }
  }
}

/// The same of rows too few for a transposed block to pay, their lines one after another.
@inline(always) private func packPairsOfFewRows(
  _ x: UnsafePointer<Float>, _ ldx: Int, _ rows: Int, _ k: Int,
  _ target: UnsafeMutablePointer<Float>
) {
  for first in Swift.stride(from: 0, to: (k + 1) / 2, by: 16) {
    let left = k - 2 * first
    let count = min(16, (left + 1) / 2)
    for row in 0..<rows {
      let source = x + row * ldx + 2 * first
      let low = load(source, lanes: min(16, left))
      let high = left > 16 ? load(source + 16, lanes: min(16, left - 16)) : Lanes(repeating: 0)
      let words = luffy_bf16_row(low.vector, high.vector)
      let line = target + first * rows + row
      for word in 0..<count { line[word * rows] = words[word] }
    }
  }
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

@inline(always) private func words(_ even: Lanes, _ odd: Lanes) -> Lanes {
  Lanes(luffy_bf16_words(even.vector, odd.vector))
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
    let rounded = Words(luffy_bf16_rounded(load(x + offset, lanes: lanes).vector)) & highBits
    store(Lanes(bits: rounded), x + offset, lanes: lanes)
  }
}
