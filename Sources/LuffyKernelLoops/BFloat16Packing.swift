/// The bfloat16 in the low half of each word, as float32.
@inline(__always) func lowHalf(_ words: Lanes) -> Lanes {
  unsafeBitCast(
    unsafeBitCast(words, to: SIMD16<UInt32>.self) &<< SIMD16<UInt32>(repeating: 16), to: Lanes.self)
}

@inline(__always) func highHalf(_ words: Lanes) -> Lanes {
  unsafeBitCast(
    unsafeBitCast(words, to: SIMD16<UInt32>.self) & SIMD16<UInt32>(repeating: 0xFFFF_0000),
    to: Lanes.self)
}

/// Words of two neighbours of k in each lane: rounded to nearest, ties to even; NaN stays NaN.
@inline(__always) private func words(_ even: Lanes, _ odd: Lanes) -> Lanes {
  let sixteen = SIMD16<UInt32>(repeating: 16)
  return unsafeBitCast(
    roundedBits(even) &>> sixteen | roundedBits(odd) & SIMD16<UInt32>(repeating: 0xFFFF_0000),
    to: Lanes.self)
}

@inline(__always) private func roundedBits(_ x: Lanes) -> SIMD16<UInt32> {
  let bits = unsafeBitCast(x, to: SIMD16<UInt32>.self)
  let tie = bits &>> SIMD16<UInt32>(repeating: 16) & SIMD16<UInt32>(repeating: 1)
  let rounded = bits &+ SIMD16<UInt32>(repeating: 0x7FFF) &+ tie
  return rounded.replacing(with: SIMD16<UInt32>(repeating: 0x7FC0_0000), where: x .!= x)
}

/// The words of one row of k elements, each `stride` from the last.
@inline(__always) private func packPairsOfRow(
  _ source: UnsafePointer<Float>, _ k: Int, _ target: UnsafeMutablePointer<Float>, _ stride: Int
) {
  var i = 0
  while i < k {
    var both = SIMD32<Float>(repeating: 0)
    if i + 32 <= k {
      both = UnsafeRawPointer(source + i).loadUnaligned(as: SIMD32<Float>.self)
    } else {
      for lane in 0..<k - i { both[lane] = source[i + lane] }
    }
    let packed = words(both.evenHalf, both.oddHalf)
    for lane in 0..<min(16, (k - i + 1) / 2) { target[(i / 2 + lane) * stride] = packed[lane] }
    i += 32
  }
}

/// One pair of rows, `count` columns: even and odd next to each other in each word.
@inline(__always) private func packPairsOfColumns(
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
  let mask = SIMD16<UInt32>(repeating: 0xFFFF_0000)
  forEachLanes(count) { offset, lanes in
    let bits = roundedBits(load(x + offset, lanes: lanes)) & mask
    store(unsafeBitCast(bits, to: Lanes.self), x + offset, lanes: lanes)
  }
}
