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

/// The words of one row of k elements, each `stride` from the last.
@inline(always) private func packPairsOfRow(
  _ source: UnsafePointer<Float>, _ k: Int, _ target: UnsafeMutablePointer<Float>, _ stride: Int
) {
  let zero = Lanes(repeating: 0)
  var i = 0
  while i < k {
    let low = load(source + i, lanes: min(16, k - i))
    let high = k - i > 16 ? load(source + i + 16, lanes: min(16, k - i - 16)) : zero
    let packed = words(
      Lanes(luffy_even(low.vector, high.vector)), Lanes(luffy_odd(low.vector, high.vector)))
    for lane in 0..<min(16, (k - i + 1) / 2) {
      target[(i / 2 + lane) * stride] = packed.vector[lane]
    }
    i += 32
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

/// `packA` in pairs: tiles [k/2][rows of the tile], the last pair filled up with zero.
func packPairsA(
  _ x: UnsafePointer<Float>, _ ldx: Int, _ rows: Int, _ k: Int, _ a: UnsafeMutablePointer<Float>
) {
  let depth = (k + 1) / 2
  var row = 0
  while row < rows {
    let height = min(FullTile.rows, rows - row)
    for r in 0..<height {
      packPairsOfRow(x + (row + r) * ldx, k, a + row * depth + r, height)
    }
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
      packPairsOfColumns(
        even + row, odd.map { $0 + row }, height, a + row * depth + pair * height)
      row += height
    }
  }
}

/// `packPanelTransposed` in pairs: panel [k/2][32] of w^T, w [columns, k].
func packPairsPanelTransposed(
  _ w: UnsafePointer<Float>, _ ldw: Int, _ columns: Int, _ k: Int,
  _ panel: UnsafeMutablePointer<Float>
) {
  if columns < 32 { panel.update(repeating: 0, count: (k + 1) / 2 * 32) }
  for column in 0..<columns { packPairsOfRow(w + column * ldw, k, panel + column, 32) }
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
